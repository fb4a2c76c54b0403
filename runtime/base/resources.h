// ResourceSet is an amount of each named resource: what a node has, what a task asks for, what is
// left. Amounts are fixed point, in units of 0.0001, so that ten times 0.1 CPU is 1 CPU.
//
// A resource that is not there counts as zero. Amounts may become negative by subtract(): a worker
// that returns from a blocked get takes its CPU back although it was lent on.
// Limits: 922 trillion of one resource (so 922 TB of memory).
// Threading: a plain value.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "absl/status/statusor.h"

namespace ray::base {

inline constexpr std::string_view kCpu = "CPU";
inline constexpr std::string_view kGpu = "GPU";
inline constexpr std::string_view kMemory = "memory";                          // bytes
inline constexpr std::string_view kObjectStoreMemory = "object_store_memory";  // bytes

class ResourceSet {
 public:
  static constexpr std::int64_t kUnitsPerOne = 10'000;

  ResourceSet() = default;
  // Amounts are rounded to the nearest unit; zeros are dropped. Fails for one that is negative, not
  // a number, or too large, and for an empty name.
  static absl::StatusOr<ResourceSet> from_map(const std::map<std::string, double>& amounts);
  // "CPU:2,GPU:0.5,licence:1"; the empty string is the empty set.
  static absl::StatusOr<ResourceSet> parse(std::string_view text);

  std::string to_string() const;  // as parse() reads it, sorted by name
  std::map<std::string, double> to_map() const;

  std::int64_t units(std::string_view name) const;
  double amount(std::string_view name) const;
  void set_units(std::string_view name, std::int64_t units);
  bool empty() const { return units_.empty(); }
  // Name -> units, without zeros, sorted by name.
  const std::map<std::string, std::int64_t, std::less<>>& all_units() const { return units_; }

  // Whether `request` can be taken from this set: for each resource asked for, that much is here.
  bool fits(const ResourceSet& request) const;
  void add(const ResourceSet& other);
  void subtract(const ResourceSet& other);

  friend bool operator==(const ResourceSet&, const ResourceSet&) = default;
  friend auto operator<=>(const ResourceSet&, const ResourceSet&) = default;
  auto fields() { return std::tie(units_); }

 private:
  std::map<std::string, std::int64_t, std::less<>> units_;  // without zeros
};

}  // namespace ray::base
