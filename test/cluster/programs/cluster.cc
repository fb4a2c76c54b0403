// What a program sees of its cluster, what it says to its terminal, and what cannot be placed.
#include <ray/ray.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;

[[ray::remote(num_gpus = 100, resources = {"unobtainium" : 2})]] int impossible() { return 1; }

[[ray::remote]]
int greet(std::string name) {
  std::cout << "hello " << name << std::endl;
  std::cerr << "and on stderr " << name << std::endl;
  return getpid();
}

[[ray::remote]]
bool context_is_whole() {
  auto context = ray::runtime_context();
  return !context.task_id.empty() && !context.node_id.empty() && !context.worker_id.empty();
}

[[ray::remote(resources = {"licence" : 1})]] int licensed(int x) { return x; }

void infeasible() {
  ray::init({.num_cpus = 2});
  auto ref = impossible.remote();
  auto [ready, rest] = ray::wait(std::vector{ref}, {.timeout = 1s});
  std::cout << ready.size() << " ready, " << rest.size() << " pending" << std::endl;
}

void output() {
  ray::init({.num_cpus = 2});
  std::cout << "pid " << ray::get(greet.remote("you")) << std::endl;
}

void looks() {
  ray::init({.num_cpus = 3, .resources = {{"licence", 1}}});
  auto nodes = ray::nodes();
  std::cout << nodes.size() << " node, alive " << nodes.at(0).alive << std::endl;
  auto all = ray::cluster_resources();
  std::cout << all["CPU"] << " CPU, " << all["licence"] << " licence" << std::endl;
  std::cout << ray::available_resources()["CPU"] << " available" << std::endl;
  std::cout << "context: " << ray::get(context_is_whole.remote()) << std::endl;
  std::vector<ray::ObjectRef<int>> refs;
  for (int i = 0; i < 5; ++i) refs.push_back(licensed.remote(i));
  std::cout << ray::get(refs).size() << " licensed" << std::endl;
}

int main(int argc, char** argv) {
  const std::map<std::string, void (*)()> modes = {
      {"infeasible", infeasible}, {"output", output}, {"looks", looks}};
  if (argc != 2) return 2;
  modes.at(argv[1])();
}
