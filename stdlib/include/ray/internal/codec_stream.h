// codec_stream.h is the byte level of every encoded value: a sizing pass, an encoder that fills
// exactly that much memory, and a decoder that trusts nothing.
//
// Wire rules. Numbers are raw little-endian memory, unaligned. A length is a LEB128 varint.
// Contiguous arithmetic data is its length, padding to the element's alignment (counted from the
// start of the buffer, which is 64-aligned), then the elements in one piece. A ref or handle is its
// index in the list of nested cells. Every element takes at least one byte, so that a forged length
// can never exceed the bytes that are left.
//
// Threading: an object is used by one thread. Ownership: a Sizer holds a reference to each cell it
// met, until it goes; a Decoder borrows the bytes and the cells.
#pragma once

#include <ray/internal/engine.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <typeinfo>
#include <vector>

namespace ray::inline v1::internal {

static_assert(std::endian::native == std::endian::little,
              "the wire format is little-endian memory");

[[noreturn]] void throw_corrupt(const char* why);  // ray::Error: the bytes are no such value
[[noreturn]] void throw_size_changed();            // ray::Error: a value changed while encoded

// Two hashes into one.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) * 0xff51afd7ed558ccdu;
  return h ^ (h >> 32);
}

// FNV-1a.
constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return h;
}

// The address of a type's tag names the type within this process.
template <class T>
inline constexpr char type_tag = 0;

constexpr std::size_t padding(std::size_t offset, std::size_t alignment) {
  return (~offset + 1) & (alignment - 1);
}

// Numbers the objects behind shared_ptrs in the order in which they are first met.
class SharedTable {
 public:
  SharedTable() = default;
  SharedTable(const SharedTable&) = delete;
  SharedTable& operator=(const SharedTable&) = delete;
  ~SharedTable() {
    if (state_ != nullptr) destroy(state_);
  }
  // The object's number, and whether it is new.
  std::pair<std::uint64_t, bool> add(const void* object, const void* type);

 private:
  struct State;
  static void destroy(State* state);

  State* state_ = nullptr;  // made by the first add
};

// The cells met while sizing, each held.
class CellList {
 public:
  CellList() = default;
  CellList(const CellList&) = delete;
  CellList& operator=(const CellList&) = delete;
  ~CellList() {
    for (ObjectCell* cell : cells_) drop(cell);
  }
  void add(ObjectCell* cell) {
    cells_.push_back(cell);
    acquire(cell);
  }
  Cells get() const { return cells_; }
  std::size_t size() const { return cells_.size(); }

 private:
  std::vector<ObjectCell*> cells_;
};

// Counts what an Encoder will write.
class Sizer {
 public:
  std::size_t size() const { return size_; }
  Cells nested() const { return nested_.get(); }

  void raw(const void*, std::size_t bytes) { size_ += bytes; }
  void align(std::size_t alignment) { size_ += padding(size_, alignment); }
  void length(std::uint64_t n) {
    for (++size_; n >= 0x80; n >>= 7) ++size_;
  }
  void cell(ObjectCell* cell) {
    length(cell == nullptr ? 0 : nested_.size() + 1);
    if (cell != nullptr) nested_.add(cell);
  }
  // Whether the object behind a shared_ptr is met for the first time: its value follows.
  bool shared(const void* object, const void* type) {
    auto [number, fresh] = shared_.add(object, type);
    length(number);
    return fresh;
  }

 private:
  std::size_t size_ = 0;
  CellList nested_;
  SharedTable shared_;
};

// Writes a value into memory that a Sizer measured.
class Encoder {
 public:
  explicit Encoder(std::span<std::byte> memory)
      : begin_(memory.data()), at_(memory.data()), end_(memory.data() + memory.size()) {}

  // Call once after the value: the memory must be full.
  void finish() const {
    if (at_ != end_) throw_size_changed();
  }

  void raw(const void* data, std::size_t bytes) {
    if (bytes > static_cast<std::size_t>(end_ - at_)) throw_size_changed();
    if (bytes != 0) std::memcpy(at_, data, bytes);
    at_ += bytes;
  }
  void align(std::size_t alignment) {
    static constexpr std::byte kZeros[64] = {};
    raw(kZeros, padding(at_ - begin_, alignment));
  }
  void length(std::uint64_t n) {
    std::byte out[10];
    std::size_t size = 0;
    for (; n >= 0x80; n >>= 7) out[size++] = static_cast<std::byte>(n | 0x80);
    out[size++] = static_cast<std::byte>(n);
    raw(out, size);
  }
  void cell(ObjectCell* cell) { length(cell == nullptr ? 0 : ++cells_); }
  bool shared(const void* object, const void* type) {
    auto [number, fresh] = shared_.add(object, type);
    length(number);
    return fresh;
  }
  // A place of `bytes` to be filled by someone else.
  std::byte* reserve(std::size_t bytes) {
    if (bytes > static_cast<std::size_t>(end_ - at_)) throw_size_changed();
    return std::exchange(at_, at_ + bytes);
  }

 private:
  std::byte* begin_;
  std::byte* at_;
  std::byte* end_;
  std::size_t cells_ = 0;
  SharedTable shared_;
};

// Reads a value; throws ray::Error on any bytes that an Encoder would not have written.
class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes, Cells nested = {})
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), nested_(nested) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  std::size_t remaining() const { return end_ - at_; }

  // Call once after the value: no byte may be left.
  void finish() const {
    if (at_ != end_) throw_corrupt("bytes are left over");
  }

  const std::byte* take(std::size_t bytes) {
    if (bytes > remaining()) throw_corrupt("the bytes end early");
    return std::exchange(at_, at_ + bytes);
  }
  void align(std::size_t alignment) { take(padding(at_ - begin_, alignment)); }
  std::uint64_t length() {
    std::uint64_t n = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto byte = static_cast<std::uint64_t>(*take(1));
      if (shift == 63 && byte > 1) throw_corrupt("a length is too long");
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n;
    }
  }
  // The number of elements that follow, each of at least `bytes_each`.
  std::size_t count(std::size_t bytes_each = 1) {
    std::uint64_t n = length();
    if (n > remaining() / bytes_each) throw_corrupt("a length exceeds the bytes that follow");
    return n;
  }
  // A new reference, or null.
  ObjectCell* cell() {
    std::uint64_t index = length();
    if (index > nested_.size()) throw_corrupt("a ref has no place in the list of refs");
    ObjectCell* cell = index == 0 ? nullptr : nested_[index - 1];
    acquire(cell);
    return cell;
  }

  // An object behind shared_ptrs that has been met.
  struct Shared {
    std::shared_ptr<void> object;
    const void* type = nullptr;                 // the tag of what was pointed to
    const std::type_info* own_class = nullptr;  // of an object with virtual functions
  };
  std::vector<Shared>& shared() { return shared_; }

  // Memory that lives as long as the decoder.
  std::byte* scratch(std::size_t bytes, std::size_t alignment);

  // Counts how deep classes are nested, so that forged bytes cannot exhaust the stack.
  class Nesting {
   public:
    explicit Nesting(Decoder& decoder) : decoder_(decoder) {
      if (++decoder_.depth_ > kDepthMax) throw_corrupt("objects are nested too deeply");
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --decoder_.depth_; }

   private:
    Decoder& decoder_;
  };

 private:
  static constexpr std::size_t kDepthMax = 10'000;

  const std::byte* begin_;
  const std::byte* at_;
  const std::byte* end_;
  Cells nested_;
  std::size_t depth_ = 0;
  std::vector<Shared> shared_;
  std::vector<std::unique_ptr<std::byte[]>> scratch_;
};

}  // namespace ray::inline v1::internal
