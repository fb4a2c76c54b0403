// Large values, a store that is full, and what is given back.
#include <ray/ray.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

constexpr std::size_t kMiB = std::size_t{1} << 20;

[[ray::remote]]
std::vector<std::uint8_t> make(std::size_t bytes, std::uint8_t fill) {
  return std::vector<std::uint8_t>(bytes, fill);
}

[[ray::remote]]
std::uint64_t sum_in_place(std::span<const std::uint8_t> bytes) {
  std::uint64_t sum = 0;
  for (std::uint8_t byte : bytes) sum += byte;
  return sum;
}

[[ray::remote]]
std::size_t length(std::string_view text) {
  return text.size();
}

[[ray::remote]]
std::size_t size_of(const std::vector<std::uint8_t>& bytes) {
  return bytes.size();
}

void returns_a_gibibyte() {
  ray::init({.num_cpus = 2, .object_store_memory = 2048 * kMiB});
  auto ref = make.remote(1024 * kMiB, 7);
  auto view = ray::view(ref);
  const auto& bytes = *view;
  std::cout << bytes.size() << ' ' << static_cast<int>(bytes[0]) << ' '
            << static_cast<int>(bytes[bytes.size() - 1]) << std::endl;
}

void full_store() {
  ray::init({.num_cpus = 2, .object_store_memory = 64 * kMiB});
  std::vector<ray::ObjectRef<std::vector<std::uint8_t>>> held;
  try {
    for (int i = 0; i < 100; ++i) held.push_back(ray::put(std::vector<std::uint8_t>(8 * kMiB, 1)));
    std::cout << "never full" << std::endl;
  } catch (const ray::ObjectStoreFullError& error) {
    std::cout << "ObjectStoreFullError: " << error.what() << std::endl;
  }
  try {
    ray::get(make.remote(100 * kMiB, 1));
    std::cout << "a result had room" << std::endl;
  } catch (const ray::ObjectStoreFullError& error) {
    std::cout << "ObjectStoreFullError: " << error.what() << std::endl;
  }
  // What was there is still there, and letting go of it makes room.
  for (const auto& ref : held) {
    if (ray::get(ref).size() != 8 * kMiB) std::cout << "lost" << std::endl;
  }
  held.clear();
  std::cout << "after letting go: " << ray::get(size_of.remote(make.remote(32 * kMiB, 2)))
            << std::endl;
}

// Ten times the store goes through it, when refs are dropped.
void recycled() {
  ray::init({.num_cpus = 2, .object_store_memory = 64 * kMiB});
  std::uint64_t sum = 0;
  for (int i = 0; i < 80; ++i) {
    auto data = ray::put(std::vector<std::uint8_t>(8 * kMiB, 1));
    sum += ray::get(sum_in_place.remote(data));
    auto made = make.remote(1 * kMiB, 1);
    sum += ray::get(sum_in_place.remote(made));
  }
  std::cout << sum / kMiB << std::endl;
}

void sizes_around_the_limits() {
  ray::init({.num_cpus = 2});
  std::uint64_t wrong = 0;
  for (std::size_t bytes : {0UL, 1UL, 47UL, 48UL, 49UL, 63UL, 64UL, 65UL, 4095UL, 4096UL, 102300UL,
                            102399UL, 102400UL, 102401UL, 102500UL, kMiB - 1, kMiB, kMiB + 1}) {
    auto data = ray::put(std::vector<std::uint8_t>(bytes, 3));
    if (ray::get(data) != std::vector<std::uint8_t>(bytes, 3)) ++wrong;
    if (ray::get(sum_in_place.remote(data)) != 3 * bytes) ++wrong;
    if (ray::get(make.remote(bytes, 4)) != std::vector<std::uint8_t>(bytes, 4)) ++wrong;
    if (ray::get(size_of.remote(std::vector<std::uint8_t>(bytes, 5))) != bytes) ++wrong;
    if (ray::get(length.remote(std::string(bytes, 'x'))) != bytes) ++wrong;
  }
  std::cout << wrong << " wrong" << std::endl;
}

int main(int argc, char** argv) {
  const std::map<std::string, void (*)()> modes = {
      {"returns_a_gibibyte", returns_a_gibibyte},
      {"full_store", full_store},
      {"recycled", recycled},
      {"sizes_around_the_limits", sizes_around_the_limits},
  };
  if (argc != 2) return 2;
  modes.at(argv[1])();
}
