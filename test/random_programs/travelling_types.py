"""Random types that travel, and random lists of parameters of them."""

KEYS = ["int", "std::string", "std::int64_t", "Colour"]
NAMES = ["value", "count", "x", "first", "options_", "remote_", "get", "self", "data", "id"]


class Types:
    """Types that travel: a few random classes first, then anything built from them."""

    def __init__(self, rng):
        self.rng = rng
        self.classes = []  # names
        self.pointers = []  # to bases of what they point to
        self.text = ["enum class Colour : unsigned char { red, green, blue };",
                     "enum Size : int { small, large = 1000 };"]
        self._box()
        for number in range(rng.randint(2, 5)):
            self._class(f"Class{number}")
        self._shapes()

    def scalar(self):
        return self.rng.choice(["int", "bool", "char", "double", "std::uint8_t", "std::int64_t",
                                "unsigned", "Colour", "Size", "std::string", "short"])

    def any(self, depth=2, copyable=True):
        rng = self.rng
        if depth == 0 or rng.random() < 0.3:
            if self.classes and rng.random() < 0.5:
                return rng.choice(self.classes)
            return self.scalar()
        if self.pointers and rng.random() < 0.1:
            return rng.choice(self.pointers)
        inner = lambda: self.any(depth - 1)  # noqa: E731
        kind = rng.randrange(14 if copyable else 15)
        return [lambda: f"std::vector<{inner()}>", lambda: f"std::vector<{inner()}>",
                lambda: f"std::map<{rng.choice(KEYS)}, {inner()}>",
                lambda: f"std::unordered_map<{rng.choice(KEYS[:3])}, {inner()}>",
                lambda: f"std::set<{rng.choice(KEYS)}>",
                lambda: f"std::optional<{inner()}>",
                lambda: f"std::pair<{inner()}, {inner()}>",
                lambda: f"std::tuple<{inner()}, {inner()}, {self.scalar()}>",
                lambda: f"std::variant<int, std::string, std::vector<{self.scalar()}>>",
                lambda: f"std::array<{inner()}, {rng.randint(1, 4)}>",
                lambda: f"std::deque<{inner()}>", lambda: f"std::list<{inner()}>",
                lambda: f"std::shared_ptr<{inner()}>",
                lambda: f"Box<{inner()}>",
                lambda: f"std::unique_ptr<{inner()}>"][kind]()

    def parameters(self, most=3, copyable=None):
        """(type, how it is taken, name) of each."""
        rng = self.rng
        parameters = []
        for i in range(rng.randint(0, most)):
            kind = self.any(2, copyable=rng.random() < 0.8 if copyable is None else copyable)
            by = rng.choice(["{}", "const {}&", "const {}"])
            if "unique_ptr" in kind:
                by = "{}"
            parameters.append((kind, by, f"{rng.choice(NAMES)}_{i}"))
        return parameters

    def _box(self):
        self.text.append("""template <class T>
struct Box {
  static Box made(std::uint64_t seed) { return {values::make<T>(seed), {}}; }
  std::uint64_t digest() const { return values::digest_all(content, label); }
  T content;
  std::string label;
};""")

    def _class(self, name):
        rng = self.rng
        fields = [(self.any(2), f"{field}{i}") for i, field in
                  enumerate(rng.sample(NAMES, rng.randint(0, 4)))]
        base = rng.choice(self.classes) if self.classes and rng.random() < 0.4 else None
        private = rng.random() < 0.5
        keyword = "class" if private else "struct"
        lines = [f"{keyword} {name}{f' : public {base}' if base else ''} {{"]
        if private:
            lines.append(" public:")
        lines.append(f"  static {name} made(std::uint64_t seed) {{")
        lines.append(f"    {name} made;")
        if base:
            lines.append(f"    static_cast<{base}&>(made) = values::make<{base}>(seed + 77);")
        for i, (kind, field) in enumerate(fields):
            lines.append(f"    made.{field} = values::make<{kind}>(seed + {i});")
        if not base and not fields:
            lines.append("    (void)seed;")
        lines += ["    return made;", "  }"]
        parts = ([f"{base}::digest()"] if base else []) + [f for _, f in fields]
        lines.append(f"  std::uint64_t digest() const {{ return values::digest_all({', '.join(parts)}); }}")
        if rng.random() < 0.3:
            lines.append(f"  static constexpr int kConstant = {rng.randint(0, 9)};")
        if private:
            lines.append(" private:")
        lines += [f"  {kind} {field}{{}};" for kind, field in fields]
        lines.append("};")
        self.text.append("\n".join(lines))
        self.classes.append(name)

    def _shapes(self):
        """Classes behind pointers to their base; none holds such a pointer itself."""
        rng = self.rng
        content, near, far = self.any(1), self.any(2), self.any(1)
        self.text.append(f"""class Shape {{
 public:
  virtual ~Shape() = default;
  virtual std::uint64_t shown() const = 0;
  std::string label;
}};
struct Near : Shape {{
  std::uint64_t shown() const override {{ return values::digest_all(1, label, near); }}
  {near} near{{}};
}};
class Far final : public Near {{
 public:
  std::uint64_t shown() const override {{ return values::digest_all(Near::shown(), far_); }}
  void set(std::uint64_t seed) {{ far_ = values::make<{far}>(seed); }}

 private:
  {far} far_{{}};
}};
template <class T>
struct Held : {rng.choice(["Shape", "Near"])} {{
  std::uint64_t shown() const override {{ return values::digest_all(3, label, held); }}
  T held{{}};
}};
template <class P>
struct ShapeValue {{
  static P make(std::uint64_t seed) {{
    if (seed % 4 == 0) return nullptr;
    P made;
    if (seed % 4 == 1) {{
      auto near = std::make_unique<Near>();
      near->near = values::make<{near}>(seed);
      made = std::move(near);
    }} else if (seed % 4 == 2) {{
      auto far = std::make_unique<Far>();
      far->set(seed);
      made = std::move(far);
    }} else {{
      auto held = std::make_unique<Held<{content}>>();
      held->held = values::make<{content}>(seed);
      made = std::move(held);
    }}
    made->label = values::make<std::string>(seed);
    return made;
  }}
  static std::uint64_t digest(const P& value) {{ return value ? value->shown() : 4; }}
}};
template <>
struct values::Value<std::shared_ptr<Shape>> : ShapeValue<std::shared_ptr<Shape>> {{}};""")
        self.pointers.append("std::shared_ptr<Shape>")


def signature(parameters):
    return ", ".join(f"{by.format(kind)} {name}" for kind, by, name in parameters)


def given(rng, parameters):
    """Arguments for them."""
    return ", ".join(f"values::make<{kind}>({rng.randrange(1000)})" for kind, _, _ in parameters)


def digest_of(parameters, *more):
    return f"values::digest_all({', '.join([name for _, _, name in parameters] + list(more)) or '1'})"
