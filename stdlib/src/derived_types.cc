#include <cxxabi.h>
#include <ray/error.h>
#include <ray/internal/codec_pointer.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <typeindex>
#include <utility>

namespace ray::inline v1::internal {
namespace {

struct DerivedTypes {
  std::shared_mutex mutex;
  std::map<std::pair<std::type_index, const void*>, const DerivedType*> by_type;
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
  const auto [at, is_new] = all.by_type.try_emplace({*type.type, type.base}, nullptr);
  if (!is_new) return false;
  at->second = new DerivedType(type);
  all.by_key.emplace(std::pair(type.key, type.base), at->second);
  return true;
}

const DerivedType& derived_type(const std::type_info& type, const void* base) {
  DerivedTypes& all = derived_types();
  std::shared_lock lock(all.mutex);
  const auto found = all.by_type.find({type, base});
  if (found == all.by_type.end()) {
    throw_error(ErrorKind::error,
                "an object of class '" + name_of(type) +
                    "' cannot be serialised behind a pointer to its base: the class, which needs "
                    "a default constructor, has to be defined in a file that ray-cc compiles and "
                    "that includes <ray/ray.h>, and every part of it has to travel");
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
