#include "compiler/graph/reader/function_table.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

namespace ray::compiler::graph {
namespace {

using clang::CXXRecordDecl;
using clang::FunctionDecl;
using clang::QualType;

const clang::NamedDecl* find_member(const CXXRecordDecl& record, llvm::StringRef name) {
  for (const clang::Decl* member : record.decls()) {
    const auto* named = llvm::dyn_cast<clang::NamedDecl>(member);
    if (named != nullptr && named->getIdentifier() != nullptr && named->getName() == name) {
      return named;
    }
  }
  return nullptr;
}

// `using type = R(P...);` of an identity.
const clang::FunctionProtoType* signature_of(const CXXRecordDecl& identity) {
  const auto* alias = llvm::dyn_cast_or_null<clang::TypedefNameDecl>(find_member(identity, "type"));
  return alias == nullptr ? nullptr : alias->getUnderlyingType()->getAs<clang::FunctionProtoType>();
}

// What FunctionInfo says in generated code.
struct Info {
  std::string name;
  unsigned num_returns = 1;
  bool is_internal = false;
};

Info read_info(const CXXRecordDecl& identity, const clang::ASTContext& context) {
  Info info;
  const auto* variable = llvm::dyn_cast_or_null<clang::VarDecl>(find_member(identity, "info"));
  if (variable == nullptr) return info;
  const clang::VarDecl* definition = nullptr;
  const clang::Expr* initial = variable->getAnyInitializer(definition);
  if (initial == nullptr) return info;
  const auto* list = llvm::dyn_cast<clang::InitListExpr>(initial->IgnoreImplicit());
  const CXXRecordDecl* record = variable->getType()->getAsCXXRecordDecl();
  if (list == nullptr || record == nullptr) return info;
  if (const clang::InitListExpr* semantic = list->getSemanticForm()) list = semantic;
  unsigned index = 0;
  for (const clang::FieldDecl* field : record->fields()) {
    if (index >= list->getNumInits()) break;
    const clang::Expr* value = list->getInit(index++)->IgnoreParenImpCasts();
    const llvm::StringRef name = field->getName();
    const auto* text = llvm::dyn_cast<clang::StringLiteral>(value);
    if (text != nullptr && name == "name") info.name = text->getString().str();
    clang::Expr::EvalResult number;
    if (name != "num_returns" && name != "internal") continue;
    if (value->isValueDependent() || !value->EvaluateAsInt(number, context)) continue;
    const auto integer = static_cast<unsigned>(number.Val.getInt().getZExtValue());
    if (name == "num_returns") info.num_returns = integer;
    if (name == "internal") info.is_internal = integer != 0;
  }
  return info;
}

// The elements of a std::tuple.
std::vector<QualType> elements(QualType tuple) {
  std::vector<QualType> result;
  const auto* special =
      llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(tuple->getAsCXXRecordDecl());
  if (special == nullptr) return result;
  for (const clang::TemplateArgument& argument : special->getTemplateArgs().asArray()) {
    if (argument.getKind() == clang::TemplateArgument::Type) result.push_back(argument.getAsType());
    if (argument.getKind() != clang::TemplateArgument::Pack) continue;
    for (const clang::TemplateArgument& element : argument.getPackAsArray()) {
      result.push_back(element.getAsType());
    }
  }
  return result;
}

std::string without_spaces_at_end(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

bool FunctionTable::is_identity(const CXXRecordDecl& record) {
  return record.getIdentifier() != nullptr && record.getName().contains('$') &&
         record.hasDefinition() && signature_of(record) != nullptr &&
         find_member(record, "info") != nullptr && !record.isDependentContext();
}

std::string FunctionTable::key(const clang::DeclContext& context, llvm::StringRef name,
                               llvm::ArrayRef<QualType> parameters) const {
  const clang::DeclContext* around = context.getRedeclContext();
  while (around->isNamespace() &&
         llvm::cast<clang::NamespaceDecl>(around)->isAnonymousNamespace()) {
    around = around->getParent()->getRedeclContext();
  }
  std::string result;
  llvm::raw_string_ostream stream(result);
  stream << static_cast<const void*>(around->getPrimaryContext()) << ' ' << name;
  for (const QualType parameter : parameters) {
    stream << ' ' << parameter.getCanonicalType().getUnqualifiedType().getAsString();
  }
  return result;
}

std::string FunctionTable::key(const FunctionDecl& function) const {
  std::vector<QualType> parameters;
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    parameters.push_back(parameter->getType());
  }
  const bool is_constructor = llvm::isa<clang::CXXConstructorDecl>(function);
  const std::string name = is_constructor ? "new" : function.getNameAsString();
  std::string result = key(*function.getDeclContext(), name, parameters);
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  if (method != nullptr && method->isConst()) result += " const";
  return result;
}

FunctionId FunctionTable::add(const std::string& key, Function function) {
  const auto id = static_cast<FunctionId>(graph_.functions.size());
  ids_.emplace(key, id);
  function.symbol = unique(function.symbol);
  graph_.functions.push_back(std::move(function));
  return id;
}

clang::SourceLocation FunctionTable::declaration_of(const CXXRecordDecl& identity,
                                                    llvm::StringRef name,
                                                    const std::string& known) const {
  const clang::DeclContext& around = *identity.getDeclContext();
  for (const clang::NamedDecl* found :
       around.getRedeclContext()->lookup(clang::DeclarationName(&context_.Idents.get(name)))) {
    const auto* function = llvm::dyn_cast<FunctionDecl>(found);
    if (function != nullptr && key(*function) == known) return function->getLocation();
  }
  if (const auto* record = llvm::dyn_cast<CXXRecordDecl>(&around)) return record->getLocation();
  return identity.getLocation();
}

std::string FunctionTable::unique(const std::string& symbol) {
  std::string result = symbol;
  for (unsigned number = 2; !symbols_.insert(result).second; ++number) {
    result = symbol + "#" + std::to_string(number);
  }
  return result;
}

Place FunctionTable::shown_place(clang::SourceLocation location) const {
  const clang::SourceManager& sources = context_.getSourceManager();
  const clang::PresumedLoc presumed =
      sources.getPresumedLoc(original_(sources.getExpansionLoc(location)));
  if (presumed.isInvalid()) return {};
  return {presumed.getFilename(), presumed.getLine(), presumed.getColumn()};
}

Place FunctionTable::place_of(clang::SourceLocation location) const {
  Place result = shown_place(location);
  if (result.file == graph_.source) result.file.clear();
  return result;
}

FunctionId FunctionTable::enter_identity(const CXXRecordDecl& identity) {
  const clang::FunctionProtoType* signature = signature_of(identity);
  if (signature == nullptr) return kUnknownFunction;
  const llvm::StringRef name = identity.getName().split('$').first;
  const bool is_constructor = name == "new";
  const bool is_method = !is_constructor && find_member(identity, "object") != nullptr;
  std::string known = key(*identity.getDeclContext(), name, signature->getParamTypes());
  // Overloads that differ in const alone differ in their identity's hash.
  if (const auto found = ids_.find(known + " " + identity.getName().str()); found != ids_.end()) {
    return found->second;
  }
  const Info info = read_info(identity, context_);
  Function function;
  function.kind = is_constructor ? Function::Kind::actor
                  : is_method    ? Function::Kind::method
                                 : Function::Kind::task;
  function.is_internal = info.is_internal;
  function.symbol = info.name;
  if (is_constructor) {  // its class's
    const std::size_t colons = function.symbol.rfind("::");
    if (colons != std::string::npos) function.symbol.resize(colons);
  }
  function.place = place_of(declaration_of(identity, name, known));
  std::vector<bool> ref_parameters;
  for (const QualType type : signature->getParamTypes()) {
    function.parameters.push_back({without_spaces_at_end(types_.name(type)), std::nullopt});
    ref_parameters.push_back(types_.holds_refs(type));
  }
  const QualType result = signature->getReturnType();
  if (info.num_returns > 1) {
    for (const QualType element : elements(result)) {
      function.results.push_back(types_.name(element));
    }
  } else if (!is_constructor && !result->isVoidType()) {
    function.results.push_back(types_.name(result));
  }
  const FunctionId id = add(known + " " + identity.getName().str(), std::move(function));
  ids_.emplace(known, id);
  ids_.emplace(known + " const", id);
  ref_parameters_[id] = std::move(ref_parameters);
  return id;
}

std::optional<FunctionId> FunctionTable::find_entered(const FunctionDecl& function) {
  const auto found = ids_.find(key(function));
  if (found == ids_.end()) return std::nullopt;
  if (function.doesThisDeclarationHaveABody()) {
    graph_.functions[found->second].place = place_of(function.getLocation());
  }
  return found->second;
}

FunctionId FunctionTable::enter_function(const FunctionDecl& function) {
  if (const auto known = find_entered(function)) return *known;
  Function result;
  const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
  const bool is_of_object = method != nullptr && !method->isStatic() &&
                            !llvm::isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(method);
  result.kind = is_of_object ? Function::Kind::method : Function::Kind::plain;
  result.is_internal = !function.isExternallyVisible();
  llvm::raw_string_ostream stream(result.symbol);
  clang::PrintingPolicy policy(context_.getLangOpts());
  policy.SuppressInlineNamespace = true;
  function.printQualifiedName(stream, policy);
  stream.flush();
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    result.parameters.push_back({types_.name(parameter->getType()), std::nullopt});
  }
  if (!function.getReturnType()->isVoidType()) {
    result.results.push_back(types_.name(function.getReturnType()));
  }
  result.place = place_of(function.getLocation());
  return add(key(function), std::move(result));
}

FunctionId FunctionTable::find(const RemoteCall& call) {
  if (call.identity != nullptr) return enter_identity(*call.identity);
  if (call.function != nullptr) return enter_function(*call.function);
  return kUnknownFunction;
}

std::optional<FunctionId> FunctionTable::find_plain(const FunctionDecl& function) {
  if (taking_part_.count(function.getCanonicalDecl()) == 0) return std::nullopt;
  return enter_function(function);
}

bool FunctionTable::takes_ref(const RemoteCall& call, std::size_t argument) {
  const auto found = ref_parameters_.find(find(call));
  if (found == ref_parameters_.end()) {
    if (call.function == nullptr) return true;  // for all that is known
    if (argument >= call.function->getNumParams()) return false;
    return types_.holds_refs(
        call.function->getParamDecl(static_cast<unsigned>(argument))->getType());
  }
  return argument < found->second.size() && found->second[argument];
}

}  // namespace ray::compiler::graph
