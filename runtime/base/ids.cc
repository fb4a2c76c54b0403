#include "runtime/base/ids.h"

#include <sys/random.h>

#include <charconv>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"
#include "runtime/base/text.h"

namespace ray::base {

std::uint64_t random_bits() {
  std::uint64_t value = 0;
  while (value == 0) {
    // Requests of up to 256 bytes are never interrupted or cut short (getrandom(2)).
    CHECK(getrandom(&value, sizeof(value), 0) == sizeof(value));
  }
  return value;
}

std::string to_hex(std::uint64_t value) { return absl::StrCat(absl::Hex(value, absl::kZeroPad16)); }

absl::StatusOr<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value, 16);
  if (text.empty() || error != std::errc() || parsed != end) {
    return absl::InvalidArgumentError(concat("not a hexadecimal id: '", text, "'"));
  }
  return value;
}

std::string to_string(const ObjectId& id) {
  return concat(id.owner, ":", id.sequence, ":", id.slot);
}

std::ostream& operator<<(std::ostream& out, const ObjectId& id) { return out << to_string(id); }

}  // namespace ray::base
