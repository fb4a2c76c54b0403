#include <ray/internal/workflow.h>

#include <cstdio>
#include <exception>

namespace ray::inline v1::internal {
namespace {

std::string program_name(const WorkflowCommand& command) {
  const std::string_view path = command.argc > 0 ? command.argv[0] : "workflow";
  return std::string(path.substr(path.rfind('/') + 1));
}

bool fits(const WorkflowCommand& command) {
  const std::size_t given = command.argc > 0 ? static_cast<std::size_t>(command.argc) - 1 : 0;
  const std::size_t wanted = command.parameters.size();
  return command.takes_rest ? given + 1 >= wanted : given == wanted;
}

int fail(const WorkflowCommand& command, const char* what) {
  std::fprintf(stderr, "%s: error: %s\n", program_name(command).c_str(), what);
  return 1;
}

}  // namespace

FunctionRecord& linked_record(const FunctionInfo& info) {
  FunctionRecord* record = find_function(info.key());
  if (record == nullptr) {
    throw_error(
        ErrorKind::error,
        "this program holds no remote function '" + std::string(info.name) +
            "': it was not linked with the object file that the workflow was checked against");
  }
  return *record;
}

void append_text(std::string& out, std::string_view text, bool is_inside) {
  if (!is_inside) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void print_line(std::string text) {
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void WorkflowRun::finish() {
  for (const CellPointer& cell : unfinished_) get_value(cell, {});
  unfinished_.clear();
}

std::size_t WorkflowRun::argument_count() const {
  return static_cast<std::size_t>(command_.argc) - 1;
}

std::string_view WorkflowRun::spelled(std::size_t position) const {
  return command_.argv[position + 1];
}

void WorkflowRun::refuse(std::size_t parameter, std::size_t position, const char* wanted) const {
  throw_invalid_argument("argument '" + command_.parameters[parameter] + "' is " + wanted +
                         ", not '" + std::string(spelled(position)) + "'");
}

int run_workflow(const WorkflowCommand& command, int (*flow)(WorkflowRun&)) {
  if (!fits(command)) {
    std::string usage = "usage: " + program_name(command);
    for (const std::string& parameter : command.parameters) usage += " " + parameter;
    std::fprintf(stderr, "%s%s\n", usage.c_str(), command.takes_rest ? "..." : "");
    return 2;
  }
  try {
    ray::init();
    WorkflowRun run(command);
    return flow(run);
  } catch (const Error& error) {
    return fail(command, error.what());
  } catch (const std::exception& error) {
    return fail(command, error.what());
  }
}

}  // namespace ray::inline v1::internal
