#include "runtime/scheduling/resource_account.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"

namespace ray::scheduling {
namespace {

using base::ResourceSet;

constexpr std::int64_t kOne = ResourceSet::kUnitsPerOne;

ResourceSet cpu_part(const ResourceSet& resources) {
  ResourceSet part;
  part.set_units(base::kCpu, resources.units(base::kCpu));
  return part;
}

}  // namespace

std::vector<std::int32_t> ResourceAccount::Allocation::gpu_ids() const {
  std::vector<std::int32_t> ids;
  for (const GpuShare& share : gpus) ids.push_back(share.gpu);
  return ids;
}

ResourceAccount::ResourceAccount(const ResourceSet& total)
    : total_(total),
      available_(total),
      gpu_free_(static_cast<std::size_t>(total.units(base::kGpu) / kOne), kOne) {
  CHECK(total.units(base::kGpu) % kOne == 0);
}

std::optional<std::string> ResourceAccount::why_never(const ResourceSet& request) const {
  std::string lacking;
  for (const auto& [name, units] : request.all_units()) {
    if (units > total_.units(name)) {
      const bool none = total_.units(name) == 0;
      absl::StrAppend(&lacking, lacking.empty() ? "" : "; and ", request.amount(name), " ", name,
                      ", but this node has ", none ? "none" : absl::StrCat(total_.amount(name)));
    }
  }
  if (!lacking.empty()) return lacking;
  const std::int64_t gpus = request.units(base::kGpu);
  if (gpus > kOne && gpus % kOne != 0) {
    return absl::StrCat(request.amount(base::kGpu),
                        " GPU, but above one only whole GPUs are assigned");
  }
  return std::nullopt;
}

std::optional<ResourceAccount::Allocation> ResourceAccount::take(const ResourceSet& request) {
  if (!available_.fits(request)) return std::nullopt;
  std::optional<std::vector<GpuShare>> gpus = choose_gpus(request.units(base::kGpu));
  if (!gpus) return std::nullopt;
  available_.subtract(request);
  for (const GpuShare& share : *gpus) gpu_free_[share.gpu] -= share.units;
  return Allocation{request, *std::move(gpus), false};
}

void ResourceAccount::give_back(const Allocation& allocation) {
  available_.add(allocation.resources);
  if (allocation.cpu_lent) available_.subtract(cpu_part(allocation.resources));
  for (const GpuShare& share : allocation.gpus) gpu_free_[share.gpu] += share.units;
}

void ResourceAccount::shrink(Allocation& allocation, const ResourceSet& rest) {
  ResourceSet kept = rest;
  kept.set_units(base::kGpu, allocation.resources.units(base::kGpu));
  const bool lent = allocation.cpu_lent;
  if (lent) take_back_cpu(allocation);
  available_.add(allocation.resources);
  available_.subtract(kept);
  allocation.resources = kept;
  if (lent) lend_cpu(allocation);
}

void ResourceAccount::lend_cpu(Allocation& allocation) {
  if (allocation.cpu_lent) return;
  allocation.cpu_lent = true;
  available_.add(cpu_part(allocation.resources));
}

void ResourceAccount::take_back_cpu(Allocation& allocation) {
  if (!allocation.cpu_lent) return;
  allocation.cpu_lent = false;
  available_.subtract(cpu_part(allocation.resources));
}

// A share goes to the fullest GPU that still has room, which keeps whole ones whole.
std::optional<std::vector<ResourceAccount::GpuShare>> ResourceAccount::choose_gpus(
    std::int64_t units) const {
  std::vector<GpuShare> chosen;
  if (units < kOne) {
    if (units == 0) return chosen;
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < gpu_free_.size(); ++i) {
      if (gpu_free_[i] >= units && (!best || gpu_free_[i] < gpu_free_[*best])) best = i;
    }
    if (!best) return std::nullopt;
    chosen.push_back({static_cast<std::int32_t>(*best), units});
    return chosen;
  }
  for (std::size_t i = 0; i < gpu_free_.size() && units > 0; ++i) {
    if (gpu_free_[i] < kOne) continue;
    chosen.push_back({static_cast<std::int32_t>(i), kOne});
    units -= kOne;
  }
  if (units > 0) return std::nullopt;
  return chosen;
}

}  // namespace ray::scheduling
