// Counts the words of text files: map, shuffle, reduce.
//
//   ray-cc word_count.cc -O2 -o word_count && ./word_count /usr/share/common-licenses/*
//
// Prints what `tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -k1,1nr -k2` would.
#include <ray/ray.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using Counts = std::map<std::string, std::int64_t>;

constexpr std::size_t kChunkBytes = 128 * 1024;

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// Map. Four results, each a ref of its own: the shuffle is nothing but handing the right ref to
// the right reducer. The string_view reads the text where it lies, in the shared object store.
[[ray::remote(num_returns = all)]]
std::tuple<Counts, Counts, Counts, Counts> count_words(std::string_view text) {
  Counts parts[4];
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_letter(text[i])) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    } else if (!word.empty()) {
      ++parts[static_cast<unsigned char>(word.back()) % 4][word];
      word.clear();
    }
  }
  return {std::move(parts[0]), std::move(parts[1]), std::move(parts[2]), std::move(parts[3])};
}

// Reduce. Called with a vector of refs; the values are there when it starts.
[[ray::remote]]
Counts add_up(const std::vector<Counts>& parts) {
  Counts total;
  for (const Counts& part : parts) {
    for (const auto& [word, count] : part) total[word] += count;
  }
  return total;
}

// Cuts `text` between words into chunks of about kChunkBytes.
std::vector<std::string_view> chunks_of(std::string_view text) {
  std::vector<std::string_view> chunks;
  while (!text.empty()) {
    std::size_t size = std::min(kChunkBytes, text.size());
    while (size < text.size() && is_letter(text[size])) ++size;
    chunks.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return chunks;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: word_count FILE...\n";
    return 2;
  }
  ray::init();

  std::vector<ray::ObjectRef<Counts>> shuffled[4];
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::cerr << "word_count: cannot read " << argv[i] << '\n';
      return 1;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::string_view chunk : chunks_of(text)) {
      auto [a, b, c, d] = count_words.remote(chunk);
      shuffled[0].push_back(a);
      shuffled[1].push_back(b);
      shuffled[2].push_back(c);
      shuffled[3].push_back(d);
    }
  }

  std::vector<ray::ObjectRef<Counts>> totals;
  for (const auto& parts : shuffled) totals.push_back(add_up.remote(parts));

  std::vector<std::pair<std::string, std::int64_t>> words;
  for (const Counts& total : ray::get(totals))
    words.insert(words.end(), total.begin(), total.end());
  std::ranges::sort(words, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  for (const auto& [word, count] : words) {
    std::printf("%7lld %s\n", static_cast<long long>(count), word.c_str());
  }
}
