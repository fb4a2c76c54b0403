// Collection is the outcome of the first pass: the rewritten files, and what is to be said. It
// comes from a forked process through a pipe, as what bodies tell does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/model/body_facts.h"
#include "compiler/model/diagnostic.h"
#include "compiler/model/edit.h"

namespace ray::compiler {

struct Collection {
  bool is_unfinished = false;  // the main file, as far as its last tokens tell
  // What has to be known of bodies to rewrite them: which calls are those of functions and, once
  // that is known, what lambdas capture.
  bool asks_calls = false;
  bool asks_captures = false;
  std::vector<RewrittenFile> files;
  std::vector<Diagnostic> diagnostics;
  std::string registry;
  std::vector<std::string> remote_names;  // of functions

  bool has_errors() const;
};

std::string serialize(const Collection& collection);
// Nothing for bytes that are not whole.
std::optional<Collection> parse_collection(const std::string& bytes);

std::string serialize(const BodyFacts& facts);
std::optional<BodyFacts> parse_body_facts(const std::string& bytes);

}  // namespace ray::compiler
