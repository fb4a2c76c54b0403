#include "runtime/base/resources.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "absl/status/status.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"

namespace ray::base {
namespace {

absl::StatusOr<std::int64_t> units_of(std::string_view name, double amount) {
  const double units = std::round(amount * static_cast<double>(ResourceSet::kUnitsPerOne));
  // The first double above the largest int64 is 2^63; NaN fails the comparison too.
  if (!(units >= 0 && units < 0x1p63)) {
    return absl::InvalidArgumentError(
        concat("resource '", name, "': ", amount, " is not an amount"));
  }
  return static_cast<std::int64_t>(units);
}

// "2", "0.5", "-0.0001"
std::string text_of(std::int64_t units) {
  const std::uint64_t magnitude =
      units < 0 ? -static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
  std::string text = concat(units < 0 ? "-" : "", magnitude / ResourceSet::kUnitsPerOne);
  std::uint64_t fraction = magnitude % ResourceSet::kUnitsPerOne;
  if (fraction == 0) return text;
  text += '.';
  for (std::uint64_t digit = ResourceSet::kUnitsPerOne / 10; fraction != 0; digit /= 10) {
    text += static_cast<char>('0' + fraction / digit);
    fraction %= digit;
  }
  return text;
}

// What a sum or difference becomes that is beyond one end.
std::int64_t limit(bool towards_negative) {
  return towards_negative ? std::numeric_limits<std::int64_t>::min()
                          : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

absl::StatusOr<ResourceSet> ResourceSet::from_map(const std::map<std::string, double>& amounts) {
  ResourceSet set;
  for (const auto& [name, amount] : amounts) {
    if (name.empty()) return absl::InvalidArgumentError("a resource without a name");
    RAY_ASSIGN_OR_RETURN(const std::int64_t units, units_of(name, amount));
    set.set_units(name, units);
  }
  return set;
}

absl::StatusOr<ResourceSet> ResourceSet::parse(std::string_view text) {
  std::map<std::string, double> amounts;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t colon = item.rfind(':');
    double amount = 0;
    const char* end = item.data() + item.size();
    const auto [parsed, error] =
        colon == std::string_view::npos
            ? std::from_chars_result{item.data(), std::errc::invalid_argument}
            : std::from_chars(item.data() + colon + 1, end, amount);
    if (error != std::errc() || parsed != end) {
      return absl::InvalidArgumentError(concat("not a resource: '", item, "', want name:amount"));
    }
    if (!amounts.emplace(item.substr(0, colon), amount).second) {
      return absl::InvalidArgumentError(concat("resource given twice: '", item, "'"));
    }
  }
  return from_map(amounts);
}

std::string ResourceSet::to_string() const {
  std::string text;
  for (const auto& [name, units] : units_) {
    if (!text.empty()) text += ',';
    text += concat(name, ":", text_of(units));
  }
  return text;
}

std::map<std::string, double> ResourceSet::to_map() const {
  std::map<std::string, double> amounts;
  for (const auto& [name, units] : units_) amounts[name] = amount(name);
  return amounts;
}

std::int64_t ResourceSet::units(std::string_view name) const {
  const auto found = units_.find(name);
  return found == units_.end() ? 0 : found->second;
}

double ResourceSet::amount(std::string_view name) const {
  return static_cast<double>(units(name)) / static_cast<double>(kUnitsPerOne);
}

void ResourceSet::set_units(std::string_view name, std::int64_t units) {
  const auto found = units_.find(name);
  if (units == 0) {
    if (found != units_.end()) units_.erase(found);
  } else if (found != units_.end()) {
    found->second = units;
  } else {
    units_.emplace(name, units);
  }
}

bool ResourceSet::fits(const ResourceSet& request) const {
  return std::all_of(request.units_.begin(), request.units_.end(), [this](const auto& wanted) {
    return wanted.second <= 0 || units(wanted.first) >= wanted.second;
  });
}

void ResourceSet::add(const ResourceSet& other) {
  for (const auto& [name, amount] : other.all_units()) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(units(name), amount, &sum)) sum = limit(amount < 0);
    set_units(name, sum);
  }
}

void ResourceSet::subtract(const ResourceSet& other) {
  for (const auto& [name, amount] : other.all_units()) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(units(name), amount, &difference)) difference = limit(amount > 0);
    set_units(name, difference);
  }
}

}  // namespace ray::base
