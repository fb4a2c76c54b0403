// Draws the Mandelbrot set: each tile is a task, and the driver puts tiles in place as they come.
//
//   ray-cc mandelbrot.cc -O2 -o mandelbrot -lpng && ./mandelbrot mandelbrot.png [WIDTH]
#include <png.h>
#include <ray/ray.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <utility>
#include <vector>

constexpr int kTileSide = 64;
constexpr int kIterationsMax = 1000;

struct Rectangle {
  int left, top, width, height;  // pixels
};

struct Tile {
  Rectangle place;
  std::vector<std::uint8_t> pixels;  // red, green, blue, row by row
};

struct Picture {
  int width, height;  // pixels
  std::complex<double> centre{-0.65, 0.0};
  double span = 3.5;  // of the real axis, over the width
};

// How long the point stays near, smoothed so that the colours have no edges; -1 inside the set.
double escape_time(std::complex<double> point) {
  std::complex<double> z = 0;
  for (int i = 0; i < kIterationsMax; ++i) {
    z = z * z + point;
    if (std::norm(z) > 256) return i + 1 - std::log2(std::log(std::norm(z)) / 2);
  }
  return -1;
}

std::uint8_t shade(double phase) {
  return static_cast<std::uint8_t>(std::lround(127.5 * (1 - std::cos(phase))));
}

[[ray::remote]]
Tile draw(const Picture& picture, const Rectangle& place) {
  Tile tile{place, {}};
  tile.pixels.reserve(3 * static_cast<std::size_t>(place.width) * place.height);
  const double step = picture.span / picture.width;
  for (int y = place.top; y < place.top + place.height; ++y) {
    for (int x = place.left; x < place.left + place.width; ++x) {
      const std::complex<double> offset((x - picture.width / 2) * step,
                                        (picture.height / 2 - y) * step);
      const double time = escape_time(picture.centre + offset);
      const double phase = std::sqrt(std::max(time, 0.0));
      for (double colour : {0.6, 0.8, 1.1}) {
        tile.pixels.push_back(time < 0 ? 0 : shade(phase * colour));
      }
    }
  }
  return tile;
}

void copy_tile(const Tile& tile, int picture_width, std::vector<std::uint8_t>& pixels) {
  for (int row = 0; row < tile.place.height; ++row) {
    const std::size_t bytes = 3 * static_cast<std::size_t>(tile.place.width);
    const auto from = tile.pixels.begin() + row * static_cast<std::ptrdiff_t>(bytes);
    const std::size_t to =
        3 * (static_cast<std::size_t>(tile.place.top + row) * picture_width + tile.place.left);
    std::copy_n(from, bytes, pixels.begin() + static_cast<std::ptrdiff_t>(to));
  }
}

bool write_png(const char* file, const Picture& picture, const std::vector<std::uint8_t>& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_RGB;
  return png_image_write_to_file(&image, file, 0, pixels.data(), 0, nullptr) != 0;
}

int main(int argc, char** argv) {
  const int width = argc > 2 ? std::atoi(argv[2]) : 960;
  if (argc < 2 || width < 2 || width > 32768) {
    std::cerr << "usage: mandelbrot FILE.png [WIDTH]\n";
    return 2;
  }
  const Picture picture{.width = width, .height = width * 2 / 3};
  ray::init();

  std::vector<ray::ObjectRef<Tile>> tiles;
  for (int top = 0; top < picture.height; top += kTileSide) {
    for (int left = 0; left < picture.width; left += kTileSide) {
      const Rectangle where{left, top, std::min(kTileSide, picture.width - left),
                            std::min(kTileSide, picture.height - top)};
      tiles.push_back(draw.remote(picture, where));
    }
  }
  const std::size_t count = tiles.size();

  std::vector<std::uint8_t> pixels(3 * static_cast<std::size_t>(width) * picture.height);
  while (!tiles.empty()) {
    auto [ready, rest] = ray::wait(tiles);
    for (const Tile& tile : ray::get(ready)) copy_tile(tile, width, pixels);
    tiles = std::move(rest);
  }

  if (!write_png(argv[1], picture, pixels)) {
    std::cerr << "mandelbrot: cannot write " << argv[1] << '\n';
    return 1;
  }
  std::cout << count << " tiles, " << picture.width << " x " << picture.height
            << " pixels: " << argv[1] << '\n';
}
