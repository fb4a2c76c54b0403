// Finds the lines of files that contain a word, as `grep -n WORD FILE... | head -COUNT` does, all
// files at once: each is read by a generator, whose matches arrive while it reads on.
//
//   ray-cc log_stream.cc -O2 -o log_stream && ./log_stream error 20 /var/log/*.log
#include <ray/ray.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct Match {
  int line;
  std::string text;
};

// A coroutine: what it yields is sent at once. At most 16 matches wait to be taken; then it waits,
// and reads no further than anybody wants to know.
[[ray::remote(num_cpus = 0.5, generator_backpressure = 16)]]
ray::Generator<Match> matches(std::string path, std::string word) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    if (text.find(word) != std::string::npos) co_yield {line, text};
  }
}

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: log_stream WORD COUNT FILE...\n";
    return 2;
  }
  const std::string word = argv[1];
  int left = std::atoi(argv[2]);
  const std::vector<std::string> files(argv + 3, argv + argc);
  ray::init();

  std::vector<ray::ObjectRefGenerator<Match>> streams;
  for (const std::string& file : files) streams.push_back(matches.remote(file, word));

  for (std::size_t i = 0; i < files.size() && left > 0; ++i) {
    try {
      for (const ray::ObjectRef<Match>& ref : streams[i]) {
        const Match match = ray::get(ref);
        std::cout << files[i] << ':' << match.line << ':' << match.text << '\n';
        if (--left == 0) break;
      }
    } catch (const std::runtime_error& error) {  // as it was thrown, over there
      std::cerr << "log_stream: " << error.what() << '\n';
    }
  }
  // The streams go, and with them the generators, wherever they are.
}
