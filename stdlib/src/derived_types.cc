#include <cxxabi.h>
#include <ray/error.h>
#include <ray/internal/codec_pointer.h>

#include <compare>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <typeindex>
#include <utility>

namespace ray::inline v1::internal {
namespace {

// Of a class and a base. Those of anonymous namespaces may have the same name and yet be two: clang
// does not mark them as the library's comparison expects, so their addresses tell them apart.
struct TypeAndBase {
  TypeAndBase(const std::type_info& type, const void* base)
      : type(type),
        internal(std::strstr(type.name(), "_GLOBAL__N_") == nullptr ? nullptr : &type),
        base(base) {}
  auto operator<=>(const TypeAndBase&) const = default;

  std::type_index type;
  const void* internal;
  const void* base;
};

struct DerivedTypes {
  std::shared_mutex mutex;
  std::map<TypeAndBase, const DerivedType*> by_type;
  std::map<std::pair<std::uint64_t, const void*>, const DerivedType*> by_key;
};

DerivedTypes& derived_types() {
  static auto* types = new DerivedTypes;  // filled by static initialisers, read by destructors
  return *types;
}

std::string name_of(const std::type_info& type) {
  std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr), std::free);
  return name == nullptr ? type.name() : name.get();
}

}  // namespace

bool add_derived_type(const DerivedType& type) {
  DerivedTypes& all = derived_types();
  std::lock_guard lock(all.mutex);
  const auto [at, is_new] = all.by_type.try_emplace(TypeAndBase(*type.type, type.base), nullptr);
  if (!is_new) return false;
  auto* added = new DerivedType(type);
  at->second = added;
  // Classes of anonymous namespaces may share a name. Their order is that of the shared object, and
  // so the same in every process.
  while (!all.by_key.emplace(std::pair(added->key, added->base), added).second) ++added->key;
  return true;
}

const DerivedType& derived_type(const std::type_info& type, const void* base) {
  DerivedTypes& all = derived_types();
  std::shared_lock lock(all.mutex);
  const auto found = all.by_type.find(TypeAndBase(type, base));
  if (found == all.by_type.end()) {
    const std::string name = name_of(type);
    throw_error(ErrorKind::error,
                "an object of class '" + name +
                    "' cannot be serialised behind a pointer to its base: the class, which needs "
                    "a default constructor, has to be defined in a file that ray-cc compiles and "
                    "that includes <ray/ray.h>, and every part of it has to travel" +
                    (name.ends_with('>') ? "; the instances of a template are known to ray-cc "
                                           "itself, not to who compiles what it rewrites"
                                         : ""));
  }
  return *found->second;
}

const DerivedType& derived_type(std::uint64_t key, const void* base) {
  DerivedTypes& all = derived_types();
  std::shared_lock lock(all.mutex);
  const auto found = all.by_key.find({key, base});
  if (found == all.by_key.end()) throw_corrupt("an object of no known class behind a pointer");
  return *found->second;
}

}  // namespace ray::inline v1::internal
