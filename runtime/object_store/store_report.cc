#include "runtime/object_store/store_report.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace ray::object_store {
namespace {

constexpr std::size_t kHoldersNamed = 8;

std::string age_text(std::int64_t age_ns) {
  const std::int64_t seconds = age_ns / 1'000'000'000;
  if (seconds < 120) return absl::StrCat(seconds, " s");
  if (seconds < 7200) return absl::StrCat(seconds / 60, " min");
  return absl::StrCat(seconds / 3600, " h");
}

std::string holder_text(const StoreHolder& holder) {
  std::string text = holder.pid != 0 ? absl::StrCat("pid ", holder.pid)
                                     : absl::StrCat("process ", to_string(holder.process));
  absl::StrAppend(&text, ": ", bytes_text(holder.bytes()));
  if (holder.objects > 0) {
    absl::StrAppend(&text, " (owns ", bytes_text(holder.sealed), " in ", holder.objects,
                    holder.objects == 1 ? " object" : " objects", ", the oldest made ",
                    age_text(holder.oldest_ns), " ago)");
  }
  if (holder.leased > 0) {
    absl::StrAppend(&text, " (is filling, or keeps for its next objects, ",
                    bytes_text(holder.leased), ")");
  }
  if (holder.pinned_after_free > 0) {
    absl::StrAppend(&text, " (still reads ", bytes_text(holder.pinned_after_free),
                    " that the owner has released)");
  }
  return text;
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return absl::StrCat(bytes, " bytes");
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f %s", value, kUnits[unit]);
  return text.data();
}

std::string store_full_text(std::uint64_t wanted, const StoreUsage& usage,
                            const std::vector<StoreHolder>& holders, std::int64_t waited_ms) {
  if (wanted > usage.capacity) {
    return absl::StrCat("an object of ", bytes_text(wanted),
                        " can never fit into the object store of ", bytes_text(usage.capacity),
                        ": raise object_store_memory");
  }
  std::string text = absl::StrCat("the object store is full: ", bytes_text(wanted), " wanted, ",
                                  bytes_text(usage.free), " of ", bytes_text(usage.capacity),
                                  " free (largest piece ", bytes_text(usage.largest_free),
                                  ") after waiting ", waited_ms, " ms. Held by:");
  const std::size_t named = std::min(holders.size(), kHoldersNamed);
  for (std::size_t i = 0; i < named; ++i) absl::StrAppend(&text, "\n  ", holder_text(holders[i]));
  if (holders.size() > named) {
    absl::StrAppend(&text, "\n  and ", holders.size() - named, " processes more");
  }
  absl::StrAppend(&text, "\nDrop refs that are not needed, or raise object_store_memory.");
  return text;
}

}  // namespace ray::object_store
