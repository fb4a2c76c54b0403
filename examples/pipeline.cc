// The steps that pipeline.ray puts together: no main, the workflow is the program.
//
//   ray-cc -O2 -c pipeline.cc && ray-cc pipeline.ray pipeline.o -o pipeline
//   ./pipeline /usr/share/common-licenses/GPL-2 /usr/share/common-licenses/Apache-2.0 5
#include <ray/ray.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using Counts = std::map<std::string, std::int64_t>;
using Ranking = std::vector<std::pair<std::string, std::int64_t>>;

[[ray::remote]]
std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

[[ray::remote]]
Counts count_words(std::string_view text) {
  Counts counts;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && std::isalpha(static_cast<unsigned char>(text[i])) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    } else if (!word.empty()) {
      ++counts[word];
      word.clear();
    }
  }
  return counts;
}

// Of the words that occur in both.
[[ray::remote]]
Counts in_common(const Counts& a, const Counts& b) {
  Counts both;
  for (const auto& [word, count] : a) {
    const auto found = b.find(word);
    if (found != b.end()) both[word] = std::min(count, found->second);
  }
  return both;
}

[[ray::remote]]
Ranking most_frequent(const Counts& counts, int how_many) {
  Ranking ranking(counts.begin(), counts.end());
  std::ranges::sort(ranking, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  ranking.resize(std::min(ranking.size(), static_cast<std::size_t>(how_many)));
  return ranking;
}
