// A task that asks for more than any machine has waits for ever.
#include <cmath>

#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

struct Limit {
  const char* option;
  double least;  // of a value that is meant
  double most;   // that a machine is likely to have
  const char* unit;
};

constexpr double kMiB = 1024.0 * 1024.0;
constexpr Limit kLimits[] = {
    {"num_cpus", 0, 2048, " CPUs"},
    {"num_gpus", 0, 64, " GPUs"},
    {"memory", 4096, 64 * kMiB* kMiB, " bytes"},
};

std::string shown(double value) {
  return value == std::floor(value) ? std::to_string(static_cast<long long>(value))
                                    : std::to_string(value);
}

// Reports at `place`, or where that is invalid at the value itself.
void check_options(Program& program, const clang::InitListExpr& options,
                   clang::SourceLocation place) {
  for (const Limit& limit : kLimits) {
    const clang::Expr* value = find_option(options, limit.option);
    if (value == nullptr) continue;
    const std::optional<double> number = constant_number(*value, program.context());
    if (!number) continue;
    const bool is_little = *number > 0 && *number < limit.least;
    if (!is_little && *number <= limit.most) continue;
    const clang::SourceRange range =
        place.isValid() ? clang::SourceRange(place) : value->getSourceRange();
    program.report({DiagnosticKind::impossible_option,
                    range,
                    std::string("'") + limit.option + "' is " + shown(*number) + limit.unit +
                        (is_little ? ": nothing fits into that" : ": no node has that many"),
                    {{range.getBegin(),
                      is_little ? "write a unit, as in 512MiB"
                                : "a task that no node can run waits until one joins that can"}}});
  }
}

// `.options({...})` in the text.
void check_statement(Program& program, const clang::Stmt& statement) {
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(&statement)) {
    const auto* record = list->getType()->getAsCXXRecordDecl();
    if (record != nullptr &&
        (is_ray_name(*record, "TaskOptions") || is_ray_name(*record, "ActorOptions"))) {
      check_options(program, *list, {});
    }
  }
  if (llvm::isa<clang::LambdaExpr>(statement)) return;
  for (const clang::Stmt* child : statement.children()) {
    if (child != nullptr) check_statement(program, *child);
  }
}

}  // namespace

void check_impossible_option(Program& program) {
  for (const auto& body : program.bodies()) check_statement(program, body->statement());
  for (const clang::CXXRecordDecl* record : program.remote_classes()) {
    const clang::InitListExpr* options = program.options_of(*record);
    if (options != nullptr) check_options(program, *options, record->getLocation());
  }
  for (const clang::FunctionDecl* function : program.remote_functions()) {
    const clang::InitListExpr* options = program.options_of(*function);
    if (options != nullptr) check_options(program, *options, function->getLocation());
  }
}

}  // namespace ray::compiler
