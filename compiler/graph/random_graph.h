// random_graph.h makes graphs without problems, the same ones from the same seed, for tests.
#pragma once

#include <cstdint>

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

TaskGraph random_graph(std::uint32_t seed);

}  // namespace ray::compiler::graph
