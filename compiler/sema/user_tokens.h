// UserTokens is what the tokens of the user's files decide and their syntax trees do not show:
// where something is called remotely, what is thrown, and attributes of ours that clang knows
// nothing of.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "clang/Lex/Preprocessor.h"
#include "compiler/model/body_facts.h"
#include "compiler/model/diagnostic.h"
#include "compiler/model/translation_unit.h"
#include "compiler/sema/declaration_text.h"

namespace ray::compiler {

// Unqualified.
std::set<std::string> names_of(const std::vector<Callable>& functions);

// What has to be known of bodies, and is not.
struct BodyQuestions {
  bool calls = false;
  bool captures = false;
};

// Adds the call sites of all files read so far to `unit`, whose declarations are complete, and
// marks its records that are thrown. `facts` is what is known of the bodies in them.
BodyQuestions read_user_tokens(clang::Preprocessor& preprocessor,
                               const DeclarationText::Files& files, const BodyFacts& facts,
                               TranslationUnit& unit, std::vector<Diagnostic>& diagnostics);

// Reports [[ray::...]] that any compiler would ignore.
void check_attribute_names(const DeclarationText::Files& files,
                           std::vector<Diagnostic>& diagnostics);

}  // namespace ray::compiler
