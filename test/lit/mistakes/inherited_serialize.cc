// Cereal functions that a class inherits know nothing of the fields that it adds.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -std=c++23 -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <memory>
#include <vector>

struct Shape {
  int colour = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(colour);
  }
};

// CHECK: inherited_serialize.cc:[[@LINE+3]]:8: warning: 'Circle' is stored by the 'serialize' of its base 'Shape': field 'radius' does not travel [-Wray-inherited-serialize]
// CHECK-NEXT: struct Circle
// CHECK: inherited_serialize.cc:[[@LINE-7]]:8: note: give 'Circle' its own, which stores the 'Shape' in it too; {{\[\[}}ray::transient]] on the field says that it is meant to stay
struct Circle : Shape { double radius = 0; };

// CHECK: :[[@LINE+1]]:8: warning: 'Disc' is stored by the 'serialize' of its base 'Shape': field 'radius'
struct Disc : Circle {};

struct Label { int text = 0; };
// CHECK: :[[@LINE+1]]:8: warning: 'Named' is stored by the 'serialize' of its base 'Shape': field 'text'
struct Named : Shape, Label {};

// CHECK: :[[@LINE+2]]:8: warning: 'Holder' is stored by
template <class T>
struct Holder : private Shape { T held{}; };

struct Node {
  virtual ~Node() = default;
  int id = 0;
  template <class Archive>
  void save(Archive& archive) const { archive(id); }
  template <class Archive>
  void load(Archive& archive) { archive(id); }
};
// CHECK: :[[@LINE+1]]:8: warning: 'Leaf' is stored by the 'save' of its base 'Node': field 'value'
struct Leaf : Node { int value = 0; };

namespace outside {
struct Part { int id = 0; };
template <class Archive>
void serialize(Archive& archive, Part& part) { archive(part.id); }
// CHECK: :[[@LINE+1]]:8: warning: 'Wheel' is stored by the 'serialize' of its base 'Part': field 'size'
struct Wheel : Part { int size = 0; };
}  // namespace outside

[[ray::remote]] int draw(Circle circle, Disc disc, Named named, Holder<int> a, Holder<long> b);
[[ray::remote]] int walk(const std::vector<std::unique_ptr<Node>>& nodes);
[[ray::remote]] int drive(std::vector<outside::Wheel> wheels);

struct Plain : Shape { int twice() const { return 2 * colour; } };

struct Square : Shape {
  double side = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    Shape::serialize(archive);
    archive(side);
  }
};

struct Rectangle : Shape {
  double width = 0;
  template <class Archive>
  void save(Archive& archive) const { archive(colour, width); }
  template <class Archive>
  void load(Archive& archive) { archive(colour, width); }
};

template <class T>
struct Cached : Shape { [[ray::transient]] T cache{}; };

struct Kept : Shape { int never_sent = 0; };

template <class Derived>
struct Visited {
  template <class Archive>
  void serialize(Archive& archive) {
    static_cast<Derived&>(*this).each([&](auto& field) { archive(field); });
  }
};
struct Visible : Visited<Visible> {
  int field = 0;
  void each(auto visit) { visit(field); }
};

// What two bases have, none has: the fields are stored, each base by its own.
struct Stamp {
  int time = 0;
  template <class Archive>
  void serialize(Archive& archive) { archive(time); }
};
struct Both : Shape, Stamp { int more = 0; };

// Nor is it inherited where something else has its name.
struct Other : Shape {
  int more = 0;
  void serialize(int level);
};

struct Hidden {
  virtual ~Hidden() = default;
  template <class Archive>
  void serialize(Archive&) {}
};
struct NeverSent : Hidden { int value = 0; };

// Whatever is done with the object itself may reach what a derived class adds.
template <class Traits>
struct Described {
  template <class Archive>
  void serialize(Archive& archive) {
    Traits::visit(static_cast<typename Traits::type&>(*this), archive);
  }
};
struct Point;
struct PointTraits {
  using type = Point;
  template <class Archive>
  static void visit(Point& point, Archive& archive);
};
struct Point : Described<PointTraits> { int x = 0; };
template <class Archive>
void PointTraits::visit(Point& point, Archive& archive) { archive(point.x); }

struct Listed {
  virtual ~Listed() = default;
  virtual std::vector<int*> fields() { return {}; }
  template <class Archive>
  void serialize(Archive& archive) {
    for (int* field : fields()) archive(*field);
  }
};
struct Listing : Listed {
  int z = 0;
  std::vector<int*> fields() override { return {&z}; }
};

namespace outside {
struct Counted {
  virtual ~Counted() = default;
  virtual int& count() = 0;
};
template <class Archive>
void serialize(Archive& archive, Counted& counted) { archive(counted.count()); }
struct Counter : Counted {
  int value = 0;
  int& count() override { return value; }
};
}  // namespace outside

struct Deduced {
  int id = 0;
#if __cplusplus > 202002L
  template <class Archive>
  void serialize(this auto& self, Archive& archive) { self.fields(archive); }
#endif
};
struct Thing : Deduced {
  int more = 0;
  template <class Archive>
  void fields(Archive& archive) { archive(id, more); }
};

[[ray::remote]] int reached(Point, Listing, const std::unique_ptr<Listed>&, outside::Counter,
                            const std::unique_ptr<outside::Counter>&, Thing);
[[ray::remote]] int quiet(Plain, Square, Rectangle, Cached<int>, Visible, Both, Other);
int ask() {
  ray::get(reached.remote(Point(), Listing(), std::make_unique<Listing>(), outside::Counter(),
                          std::make_unique<outside::Counter>(), Thing()));
  return ray::get(draw.remote(Circle(), Disc(), Named(), Holder<int>(), Holder<long>())) +
         ray::get(drive.remote(std::vector<outside::Wheel>())) +
         ray::get(walk.remote(std::vector<std::unique_ptr<Node>>())) +
         ray::get(quiet.remote(Plain(), Square(), Rectangle(), Cached<int>(), Visible(), Both(), Other()));
}
