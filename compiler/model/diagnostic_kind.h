// DiagnosticKind names each error and warning of ours; diagnostics.def is the table.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ray::compiler {

enum class DiagnosticKind : unsigned {
#define RAY_ERROR(kind, name, about) kind,
#define RAY_WARNING(kind, name, about) kind,
#define RAY_WARNING_ON_REQUEST(kind, name, about) kind,
#include "compiler/model/diagnostics.def"
#undef RAY_ERROR
#undef RAY_WARNING
#undef RAY_WARNING_ON_REQUEST
};

struct DiagnosticRow {
  std::string_view name;  // without "-Wray-"
  bool is_error = true;
  bool is_on = true;  // without being asked for
};

inline constexpr DiagnosticRow kDiagnostics[] = {
#define RAY_ERROR(kind, name, about) {name, true, true},
#define RAY_WARNING(kind, name, about) {name, false, true},
#define RAY_WARNING_ON_REQUEST(kind, name, about) {name, false, false},
#include "compiler/model/diagnostics.def"
#undef RAY_ERROR
#undef RAY_WARNING
#undef RAY_WARNING_ON_REQUEST
};
inline constexpr std::size_t kDiagnosticCount = std::size(kDiagnostics);

inline const DiagnosticRow& row_of(DiagnosticKind kind) {
  return kDiagnostics[static_cast<unsigned>(kind)];
}

}  // namespace ray::compiler
