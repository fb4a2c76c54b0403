// Runs a fuzzer's entry point without libFuzzer: on each file of a folder, and on a fixed number of
// inputs made of them by a fixed seed.
//
//   replay FOLDER RUNS
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string mutated(const std::vector<std::string>& inputs, std::mt19937& random) {
  std::string text = inputs[random() % inputs.size()];
  for (auto changes = random() % 6 + 1; changes > 0 && !text.empty(); --changes) {
    const std::size_t at = random() % text.size();
    const std::string& other = inputs[random() % inputs.size()];
    const std::size_t from = other.empty() ? 0 : random() % other.size();
    switch (random() % 4) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, random() % 16 + 1);
        break;
      case 2:
        text.insert(at, other.substr(from, random() % 32));
        break;
      default:
        text.replace(at, random() % 16, other.substr(from, random() % 16));
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    run(inputs.back());
  }
  if (inputs.empty()) return 2;
  std::mt19937 random(1);
  const long runs = std::strtol(argv[2], nullptr, 10);
  for (long i = 0; i < runs; ++i) run(mutated(inputs, random));
  std::printf("%zu inputs, %ld made of them\n", inputs.size(), runs);
}
