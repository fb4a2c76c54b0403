// Eigen's matrices, arrays and vectors travel; Maps, Refs and ray::view read them where they lie.
// RUN: %ray-cc -Wall -Wextra -Werror -isystem /usr/include/eigen3 %s -o %t
// RUN: env RAY_ENGINE=native %t
// RUN: %ray-cc -fsyntax-only -I/usr/include/eigen3 %s
#undef NDEBUG
#include <Eigen/Dense>
#include <ray/ray.h>

#include <cassert>
#include <vector>

using Eigen::MatrixXd;
using Elements = Eigen::Map<const MatrixXd>;
using Rows = Eigen::Matrix<int, Eigen::Dynamic, 3, Eigen::RowMajor>;

[[ray::remote]] MatrixXd ones(int n) { return MatrixXd::Ones(n, n); }
[[ray::remote]] bool is_in_place(Elements m, Eigen::Ref<const MatrixXd> same) {
  return m.sum() == 90'000 && same.sum() == 90'000 && m.data() == same.data();
}
[[ray::remote]] double sum(const Eigen::Ref<const MatrixXd>& m) { return m.sum(); }
[[ray::remote]] Eigen::Vector3d cross(Eigen::Vector3d a, const Eigen::Vector3d& b) {
  return a.cross(b);
}
[[ray::remote]] Rows doubled(Rows rows) { return rows * 2; }
[[ray::remote]] Eigen::ArrayXf halved(Eigen::ArrayXf x) { return x / 2; }

struct Pose {
  Eigen::Matrix4f transform = Eigen::Matrix4f::Identity();
  std::vector<Eigen::VectorXi> ids;
};
[[ray::remote]] Pose moved(Pose pose) {
  pose.transform(0, 3) += 1;
  pose.ids.push_back(Eigen::VectorXi::Constant(2, 7));
  return pose;
}

template <class From, class To>
bool is_refused(const From& value) {
  ray::internal::Sizer sizer;
  ray::internal::write(sizer, value);
  std::vector<std::byte> bytes(sizer.size());
  ray::internal::Encoder encoder(bytes);
  ray::internal::write(encoder, value);
  try {
    ray::internal::Decoder decoder(bytes);
    ray::internal::make<To>(decoder);
    return false;
  } catch (const ray::Error&) {
    return true;
  }
}

int main() {
  ray::init();
  const auto m = ones.remote(300);
  assert(ray::get(is_in_place.remote(m, m)));
  const auto view = ray::view(m);
  assert(view->rows() == 300 && (*view)(299, 299) == 1 && ray::get(m).cols() == 300);

  MatrixXd here = MatrixXd::Constant(4, 4, 2.0);
  here(0, 0) = 3;
  assert(ray::get(sum.remote(here.block(0, 0, 2, 3))) == 13);  // with gaps between its columns
  assert(ray::get(sum.remote(here)) == 33 && ray::get(sum.remote(MatrixXd())) == 0);
  assert(ray::get(cross.remote({1, 0, 0}, Eigen::Vector3d(0, 1, 0))) == Eigen::Vector3d(0, 0, 1));
  Rows rows(2, 3);
  rows << 1, 2, 3, 4, 5, 6;
  assert(ray::get(doubled.remote(rows)) == rows * 2);
  assert(ray::get(halved.remote(Eigen::ArrayXf::Constant(3, 1))).sum() == 1.5f);
  const Pose pose = ray::get(moved.remote(moved.remote(Pose{})));
  assert(pose.transform(0, 3) == 2 && pose.ids.at(1) == Eigen::VectorXi::Constant(2, 7));

  assert((is_refused<MatrixXd, Eigen::Vector3d>(here)));
  assert((is_refused<MatrixXd, Eigen::Matrix<double, 3, Eigen::Dynamic>>(here)));
  assert((!is_refused<MatrixXd, Eigen::Matrix4d>(here)));
}
