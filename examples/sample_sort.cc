// Sorts more numbers than one process would: each map task cuts its numbers into ranges, each
// reduce task sorts one range, and samples say where to cut.
//
//   ray-cc sample_sort.cc -O2 -o sample_sort && ./sample_sort [PARTS] [NUMBERS IN EACH]
#include <ray/ray.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <span>
#include <vector>

using Numbers = std::vector<std::uint64_t>;

constexpr int kSamplesPerPart = 64;

[[ray::remote]]
Numbers make(int seed, std::size_t count) {
  std::mt19937_64 random(seed);
  Numbers numbers(count);
  for (std::uint64_t& number : numbers) number = random() % 1'000'000'007;
  return numbers;
}

[[ray::remote]]
Numbers sample(std::span<const std::uint64_t> numbers) {
  Numbers samples;
  const std::size_t step = std::max<std::size_t>(1, numbers.size() / kSamplesPerPart);
  for (std::size_t i = 0; i < numbers.size(); i += step) samples.push_back(numbers[i]);
  return samples;
}

// Where the ranges end, so that each has about as many numbers.
[[ray::remote]]
Numbers choose_bounds(const std::vector<Numbers>& samples, std::size_t ranges) {
  Numbers all;
  for (const Numbers& some : samples) all.insert(all.end(), some.begin(), some.end());
  std::ranges::sort(all);
  Numbers bounds;
  for (std::size_t i = 1; i < ranges; ++i) bounds.push_back(all[i * all.size() / ranges]);
  return bounds;
}

// Those of one range, which the reducer asks each part for.
[[ray::remote]]
Numbers cut(std::span<const std::uint64_t> numbers, const Numbers& bounds, std::size_t range) {
  Numbers result;
  for (const std::uint64_t number : numbers) {
    const auto after = std::ranges::upper_bound(bounds, number);
    if (static_cast<std::size_t>(after - bounds.begin()) == range) result.push_back(number);
  }
  return result;
}

[[ray::remote]]
Numbers merge(const std::vector<Numbers>& pieces) {
  Numbers all;
  for (const Numbers& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  std::ranges::sort(all);
  return all;
}

int main(int argc, char** argv) {
  const std::size_t parts = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 8;
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 50'000;
  if (parts < 1 || count < 1) {
    std::cerr << "usage: sample_sort [PARTS] [NUMBERS IN EACH]\n";
    return 2;
  }
  ray::init();

  std::vector<ray::ObjectRef<Numbers>> unsorted;
  std::vector<ray::ObjectRef<Numbers>> samples;
  for (std::size_t i = 0; i < parts; ++i) {
    unsorted.push_back(make.remote(static_cast<int>(i), count));
    samples.push_back(sample.remote(unsorted.back()));
  }
  auto bounds = choose_bounds.remote(samples, parts);
  std::vector<ray::ObjectRef<Numbers>> sorted;
  for (std::size_t range = 0; range < parts; ++range) {
    std::vector<ray::ObjectRef<Numbers>> pieces;
    for (const auto& part : unsorted) pieces.push_back(cut.remote(part, bounds, range));
    sorted.push_back(merge.remote(pieces));
  }

  std::size_t total = 0;
  std::uint64_t last = 0;
  bool is_sorted = true;
  // Here the order is the point.
  for (const auto& ref : sorted) {
    for (const std::uint64_t number : ray::view(ref)) {
      is_sorted = is_sorted && number >= last;
      last = number;
      ++total;
    }
  }
  std::printf("%zu numbers in %zu ranges, %s\n", total, parts, is_sorted ? "sorted" : "not sorted");
  return is_sorted ? 0 : 1;
}
