// Counts the ways in which N queens stand on a board without a threat: each task places the queens
// of a few rows and hands the rest of the search to further tasks.
//
//   ray-cc n_queens.cc -O2 -o n_queens && ./n_queens [N] [ROWS]
#include <ray/ray.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

// The queens of the rows that are filled, as bits: their columns, and the two diagonals as they
// cross the next row.
struct Board {
  int size = 0;
  int row = 0;
  std::uint32_t columns = 0;
  std::uint32_t left = 0;
  std::uint32_t right = 0;
};

// The boards with one queen more.
std::vector<Board> next_rows(const Board& board) {
  std::vector<Board> boards;
  std::uint32_t open = ~(board.columns | board.left | board.right) & ((1u << board.size) - 1);
  for (; open != 0; open &= open - 1) {
    const std::uint32_t queen = open & -open;
    boards.push_back({board.size, board.row + 1, board.columns | queen, (board.left | queen) << 1,
                      (board.right | queen) >> 1});
  }
  return boards;
}

std::int64_t count_here(const Board& board) {
  if (board.row == board.size) return 1;
  std::int64_t count = 0;
  for (const Board& next : next_rows(board)) count += count_here(next);
  return count;
}

// `rows`: how many more of them are divided into tasks.
[[ray::remote(num_cpus = 0.1)]]
std::int64_t count_solutions(Board board, int rows) {
  if (rows == 0 || board.row == board.size) return count_here(board);
  std::vector<ray::ObjectRef<std::int64_t>> parts;
  for (const Board& next : next_rows(board)) {
    parts.push_back(count_solutions.remote(next, rows - 1));
  }
  std::int64_t count = 0;
  for (const std::int64_t part : ray::get(parts)) count += part;
  return count;
}

int main(int argc, char** argv) {
  const int size = argc > 1 ? std::atoi(argv[1]) : 11;
  const int rows = argc > 2 ? std::atoi(argv[2]) : 2;
  if (size < 1 || size > 20 || rows < 0) {
    std::cerr << "usage: n_queens [N] [ROWS], N at most 20\n";
    return 2;
  }
  ray::init();
  const std::int64_t count = ray::get(count_solutions.remote(Board{.size = size}, rows));
  std::printf("%lld ways for %d queens\n", static_cast<long long>(count), size);
}
