// Cholesky's decomposition of a matrix in tiles, A = L L^T: every tile is a ref, every step a task
// that takes refs, and what can run at once follows from who needs whose result. Nothing waits
// before the end.
//
//   ray-cc tiled_cholesky.cc -O2 -o tiled_cholesky && ./tiled_cholesky [TILES] [SIZE]
#include <ray/ray.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

// SIZE x SIZE numbers, row by row.
using Tile = std::vector<double>;

int size_of(const Tile& tile) { return static_cast<int>(std::lround(std::sqrt(tile.size()))); }

// The tile of a symmetric matrix whose diagonal outweighs the rest: such a one can be decomposed.
double element(int row, int column, int order) {
  return row == column ? order : 1.0 / (1 + std::abs(row - column));
}

[[ray::remote]] Tile make_tile(int tile_row, int tile_column, int size, int order) {
  Tile tile;
  for (int i = 0; i < size * size; ++i) {
    tile.push_back(element(tile_row * size + i / size, tile_column * size + i % size, order));
  }
  return tile;
}

// L of one tile on the diagonal.
[[ray::remote]] Tile factor(Tile a) {
  const int n = size_of(a);
  for (int j = 0; j < n; ++j) {
    for (int k = 0; k < j; ++k) {
      for (int i = j; i < n; ++i) a[i * n + j] -= a[i * n + k] * a[j * n + k];
    }
    const double root = std::sqrt(a[j * n + j]);
    for (int i = j; i < n; ++i) a[i * n + j] /= root;
    std::fill_n(a.begin() + j * n + j + 1, n - j - 1, 0.0);
  }
  return a;
}

// A tile below the diagonal: X with X L^T = A.
[[ray::remote]] Tile solve(const Tile& l, Tile a) {
  const int n = size_of(a);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      for (int k = 0; k < j; ++k) a[i * n + j] -= a[i * n + k] * l[j * n + k];
      a[i * n + j] /= l[j * n + j];
    }
  }
  return a;
}

// A - X Y^T.
[[ray::remote]] Tile update(Tile a, const Tile& x, const Tile& y) {
  const int n = size_of(a);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      for (int k = 0; k < n; ++k) a[i * n + j] -= x[i * n + k] * y[j * n + k];
    }
  }
  return a;
}

int main(int argc, char** argv) {
  const int tiles = argc > 1 ? std::atoi(argv[1]) : 6;
  const int size = argc > 2 ? std::atoi(argv[2]) : 64;
  if (tiles < 1 || size < 1) {
    std::cerr << "usage: tiled_cholesky [TILES] [SIZE]\n";
    return 2;
  }
  const int order = tiles * size;
  ray::init();
  std::vector<std::vector<ray::ObjectRef<Tile>>> l(tiles);
  for (int i = 0; i < tiles; ++i) {
    for (int j = 0; j <= i; ++j) l[i].push_back(make_tile.remote(i, j, size, order));
  }
  for (int k = 0; k < tiles; ++k) {
    l[k][k] = factor.remote(l[k][k]);
    for (int i = k + 1; i < tiles; ++i) l[i][k] = solve.remote(l[k][k], l[i][k]);
    for (int i = k + 1; i < tiles; ++i) {
      for (int j = k + 1; j <= i; ++j) l[i][j] = update.remote(l[i][j], l[i][k], l[j][k]);
    }
  }

  // L's last row of tiles times its transpose is the last tile of A.
  const std::vector<Tile> row = ray::get(l.back());
  double error = 0;
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) {
      double sum = 0;
      for (const Tile& tile : row) {
        for (int k = 0; k < size; ++k) sum += tile[i * size + k] * tile[j * size + k];
      }
      error = std::max(error, std::abs(sum - element(i, j, order)));
    }
  }
  std::printf("%d x %d in %d tiles: %s\n", order, order, tiles * (tiles + 1) / 2,
              error < 1e-9 * order ? "L L^T = A" : "L L^T differs from A");
}
