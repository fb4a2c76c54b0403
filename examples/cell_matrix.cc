// A matrix of cell actors, and row actors that ask their cells all at once and add up what comes
// back.
//
//   ray-cc cell_matrix.cc -O2 -o cell_matrix && ./cell_matrix [SIDE]
#include <ray/ray.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>
#include <vector>

class [[ray::remote(num_cpus = 0)]] Cell {
 public:
  void put(int value) { value_ = value; }
  int value() const { return value_; }

 private:
  int value_ = 0;
};

class [[ray::remote(num_cpus = 0)]] Row {
 public:
  explicit Row(std::vector<ray::ActorHandle<Cell>> cells) : cells_(std::move(cells)) {}

  void put(int column, int value) { ray::get(cells_.at(column).put.remote(value)); }

  // All are asked before the first answers.
  int sum() const {
    std::vector<ray::ObjectRef<int>> values;
    for (const auto& cell : cells_) values.push_back(cell.value.remote());
    int sum = 0;
    for (const int value : ray::get(values)) sum += value;
    return sum;
  }

 private:
  std::vector<ray::ActorHandle<Cell>> cells_;
};

int main(int argc, char** argv) {
  const int side = argc > 1 ? std::atoi(argv[1]) : 3;
  if (side < 1 || side > 20) {
    std::cerr << "usage: cell_matrix [SIDE]\n";
    return 2;
  }
  ray::init();

  std::vector<ray::ActorHandle<Row>> rows;
  for (int i = 0; i < side; ++i) {
    std::vector<ray::ActorHandle<Cell>> cells;
    for (int k = 0; k < side; ++k) cells.push_back(Cell::remote());
    rows.push_back(Row::remote(cells));
  }
  std::vector<ray::ObjectRef<void>> stored;
  for (int i = 0; i < side; ++i) {
    for (int k = 0; k < side; ++k) stored.push_back(rows[i].put.remote(k, i * side + k));
  }
  ray::get(stored);

  std::vector<ray::ObjectRef<int>> sums;
  for (const auto& row : rows) sums.push_back(row.sum.remote());
  int total = 0;
  for (const int sum : ray::get(sums)) {
    std::printf("row: %d\n", sum);
    total += sum;
  }
  std::printf("all: %d\n", total);

  try {
    ray::get(rows[0].put.remote(side, 1));
  } catch (const std::out_of_range&) {
    std::printf("no column %d\n", side);
  }
}
