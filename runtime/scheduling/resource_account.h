// ResourceAccount keeps what a node has, what is taken of it, and which GPUs are whose.
//
// A request for less than one GPU gets a share of one; a request for more gets whole ones, so it
// must be a whole number. CPUs may be lent on while their holder is blocked; when it takes them
// back, the account may go negative, and nothing that needs CPUs fits until it has recovered.
// Threading: a plain value; a copy of it serves to try things out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/resources.h"

namespace ray::scheduling {

class ResourceAccount {
 public:
  struct GpuShare {
    std::int32_t gpu = 0;    // its index on this node
    std::int64_t units = 0;  // of ResourceSet::kUnitsPerOne
  };
  struct Allocation {
    base::ResourceSet resources;
    std::vector<GpuShare> gpus;
    bool cpu_lent = false;

    std::vector<std::int32_t> gpu_ids() const;
  };

  // A node has whole GPUs.
  explicit ResourceAccount(const base::ResourceSet& total);

  const base::ResourceSet& total() const { return total_; }
  const base::ResourceSet& available() const { return available_; }

  // Why `request` can never be met: "4 GPU, but this node has 1". Nothing where it can.
  std::optional<std::string> why_never(const base::ResourceSet& request) const;

  std::optional<Allocation> take(const base::ResourceSet& request);
  void give_back(const Allocation& allocation);
  // Gives back what `allocation` has beyond `rest`, GPUs excepted: they stay assigned.
  void shrink(Allocation& allocation, const base::ResourceSet& rest);

  void lend_cpu(Allocation& allocation);
  void take_back_cpu(Allocation& allocation);

 private:
  std::optional<std::vector<GpuShare>> choose_gpus(std::int64_t units) const;

  base::ResourceSet total_;
  base::ResourceSet available_;
  std::vector<std::int64_t> gpu_free_;  // units of each GPU
};

}  // namespace ray::scheduling
