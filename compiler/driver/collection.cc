#include "compiler/driver/collection.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace ray::compiler {
namespace {

template <class V, class T>
void visit(V& v, T&& x);

// Strings are fields of their own; anything else has some.
template <class V, class T>
void each(V& v, T&& x) {
  if constexpr (std::is_same_v<std::remove_cvref_t<T>, std::string>) {
    v(x);
  } else {
    visit(v, x);
  }
}

// Writes numbers and strings one after the other.
class Writer {
 public:
  void operator()(const std::string& text) {
    (*this)(text.size());
    bytes_ += text;
  }
  void operator()(std::size_t number) {
    const std::uint64_t value = number;
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void operator()(unsigned number) { (*this)(static_cast<std::size_t>(number)); }
  void operator()(DiagnosticKind kind) { (*this)(static_cast<std::size_t>(kind)); }
  void operator()(bool flag) { (*this)(static_cast<std::size_t>(flag)); }
  template <class T>
  void operator()(const std::vector<T>& list) {
    (*this)(list.size());
    for (const T& item : list) each(*this, item);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what Writer wrote; after a short read everything is empty and ok() is false.
class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  void operator()(std::size_t& number) {
    std::uint64_t value = 0;
    if (bytes_.size() - at_ < sizeof(value)) {
      ok_ = false;
    } else {
      std::memcpy(&value, bytes_.data() + at_, sizeof(value));
      at_ += sizeof(value);
    }
    number = value;
  }
  void operator()(unsigned& number) {
    std::size_t value = 0;
    (*this)(value);
    number = static_cast<unsigned>(value);
  }
  void operator()(DiagnosticKind& kind) {
    std::size_t value = 0;
    (*this)(value);
    ok_ = ok_ && value < kDiagnosticCount;
    kind = static_cast<DiagnosticKind>(ok_ ? value : 0);
  }
  void operator()(bool& flag) {
    std::size_t value = 0;
    (*this)(value);
    flag = value != 0;
  }
  void operator()(std::string& text) {
    std::size_t size = 0;
    (*this)(size);
    if (size > bytes_.size() - at_) ok_ = false;
    if (!ok_) return;
    text = bytes_.substr(at_, size);
    at_ += size;
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    std::size_t size = 0;
    (*this)(size);
    for (std::size_t i = 0; i < size && ok_; ++i) {
      if constexpr (std::is_same_v<T, Diagnostic>) {
        each(*this, list.emplace_back(DiagnosticKind{}));
      } else {
        each(*this, list.emplace_back());
      }
    }
  }
  bool is_done() const { return ok_ && at_ == bytes_.size(); }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// One list of fields for both directions.
template <class V, class T>
void visit(V& v, T&& x) {
  using U = std::remove_cvref_t<T>;
  if constexpr (std::is_same_v<U, SourcePlace>) {
    v(x.path), v(x.offset), v(x.shown_file), v(x.line);
  } else if constexpr (std::is_same_v<U, Segment>) {
    v(x.begin), v(x.end), v(x.original), v(x.is_copy), v(x.original_path);
  } else if constexpr (std::is_same_v<U, RewrittenFile>) {
    v(x.path), v(x.text), v(x.segments);
  } else if constexpr (std::is_same_v<U, Diagnostic::Note>) {
    visit(v, x.place), v(x.message), v(x.insertion), visit(v, x.insertion_place);
  } else if constexpr (std::is_same_v<U, Diagnostic>) {
    v(x.kind), visit(v, x.place), v(x.length), v(x.message), v(x.fixit), v(x.notes);
  } else if constexpr (std::is_same_v<U, ImplicitCaptures::Name>) {
    v(x.name), v(x.is_pack);
  } else if constexpr (std::is_same_v<U, ImplicitCaptures>) {
    visit(v, x.place), v(x.names), v(x.has_this), visit(v, x.use_of_this);
  } else if constexpr (std::is_same_v<U, BodyFacts>) {
    v(x.calls_of_variables), v(x.calls_of_functions), v(x.captures);
  } else {
    static_assert(std::is_same_v<U, Collection>);
    v(x.is_unfinished), v(x.asks_calls), v(x.asks_captures), v(x.files), v(x.diagnostics),
        v(x.registry), v(x.remote_names);
  }
}

template <class T>
std::string written(const T& value) {
  Writer writer;
  visit(writer, value);
  return writer.take();
}

template <class T>
std::optional<T> read(const std::string& bytes) {
  Reader reader(bytes);
  T result;
  visit(reader, result);
  if (!reader.is_done()) return std::nullopt;
  return result;
}

}  // namespace

bool Collection::has_errors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return row_of(d.kind).is_error; });
}

std::string serialize(const Collection& collection) { return written(collection); }

std::optional<Collection> parse_collection(const std::string& bytes) {
  return read<Collection>(bytes);
}

std::string serialize(const BodyFacts& facts) { return written(facts); }

std::optional<BodyFacts> parse_body_facts(const std::string& bytes) {
  return read<BodyFacts>(bytes);
}

}  // namespace ray::compiler
