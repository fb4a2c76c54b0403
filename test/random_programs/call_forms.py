"""Forms of remote calls whose twins are called in another way: streams, coroutines, lambdas, views,
several results, and actors with bases, options of methods and coroutines."""

import dataclasses

from travelling_types import digest_of, given, signature

ELEMENTS = ["int", "double", "std::uint8_t", "std::int64_t", "short", "Colour", "char"]
CALL_OPTIONS = ["", "", ".options({.num_cpus = 0.5})", '.options({.name = "call"})']
METHOD_OPTIONS = ["", "", "[[ray::method(max_task_retries = 1)]] ", '[[ray::method(name = "m")]] ',
                  "[[ray::method(retry_exceptions = true)]] "]


@dataclasses.dataclass
class Form:
    declared: list
    plain: list
    checks: list


class CallForms:
    def __init__(self, rng, types):
        self.rng, self.types = rng, types

    def one(self, number):
        self._salt = self.rng.randrange(10**6)
        return self.rng.choice([self._stream, self._coroutine, self._lambda, self._lambda,
                                self._views, self._several, self._derived, self._async_actor])(number)

    def _options(self):
        return self.rng.choice(CALL_OPTIONS)

    def _seed(self, parameters, *more):
        return f"values::mix({self._salt}, {digest_of(parameters, *more)})"

    def _stream(self, number):
        rng, name = self.rng, f"stream{number}"
        parameters, item = self.types.parameters(), self.types.any(2, copyable=rng.random() < 0.8)
        head = rng.choice(["[[ray::remote]]", "[[ray::remote(generator_backpressure = 2)]]"])
        count, arguments = rng.randint(0, 5), given(rng, parameters)
        seed = self._seed(parameters)

        def folded(items, value):
            return [f"for (auto&& item : {items}) {{",
                    f"  sum = values::mix(sum, values::digest({value}));", "}"]

        plain = [f"std::uint64_t {name}({signature(parameters)}) {{", "  std::uint64_t sum = 0;",
                 f"  for (std::uint64_t i = 0; i < {count}; ++i) {{",
                 f"    sum = values::mix(sum, values::digest(values::make<{item}>({seed} + i)));",
                 "  }", "  return sum;", "}"]
        declared = [f"{head} ray::Generator<{item}> {name}({signature(parameters)}) {{",
                    f"  for (std::uint64_t i = 0; i < {count}; ++i) {{",
                    f"    co_yield values::make<{item}>({seed} + i);", "  }", "}"]
        remote = f"{name}{self._options()}.remote({arguments})"
        checks = ["std::uint64_t sum = 0;"]
        # A plain coroutine's references do not outlive the call's temporaries.
        if rng.random() < 0.3 and not any("&" in by for _, by, _ in parameters):
            checks += folded(f"{name}({arguments})", "item")
        else:
            checks += folded(remote, "ray::get(item)")
        return Form(declared, plain,
                    checks + [f'check("{name}", sum, plain::{name}({arguments}));'])

    def _coroutine(self, number):
        rng, name = self.rng, f"coroutine{number}"
        parameters, result, waited = self.types.parameters(), self.types.any(), self.types.any()
        arguments = given(rng, parameters)
        comma = ", " if parameters else ""
        seed = self._seed(parameters, "waited")
        nested = f"values::make<{waited}>({self._salt})"
        plain = [f"{result} {name}({signature(parameters)}{comma}const {waited}& waited) {{",
                 f"  return values::make<{result}>({seed});", "}"]
        declared = [f"[[ray::remote]] {waited} before_{name}() {{ return {nested}; }}",
                    f"[[ray::remote]] ray::Task<{result}> {name}({signature(parameters)}{comma}"
                    f"ray::ObjectRef<{waited}> ref) {{"]
        if rng.random() < 0.5:
            declared.append(f"  co_await before_{name}{self._options()}.remote();")
        declared += [f"  const {waited} waited = co_await ref;",
                     f"  co_return values::make<{result}>({seed});", "}"]
        ref = rng.choice([f"before_{name}.remote()", f"ray::put({nested})"])
        return Form(declared, plain, [
            f'check("{name}", values::digest(ray::get({name}{self._options()}.remote('
            f'{arguments}{comma}{ref}))), values::digest(plain::{name}({arguments}{comma}{nested})));'])

    def _lambda(self, number):
        rng = self.rng
        parameters, result = self.types.parameters(2), self.types.any(2, copyable=rng.random() < 0.8)
        captured = [(self.types.any(), "{}", f"captured_{i}") for i in range(rng.randint(0, 3))]
        checks = [f"const {kind} {name} = values::make<{kind}>({rng.randrange(1000)});"
                  for kind, _, name in captured]
        captures = [name if rng.random() < 0.5 else f"own_{name} = {name}" for _, _, name in captured]
        inside = [text.split(" = ")[0] for text in captures]
        # What is generic is told by its argument what it takes.
        generic = rng.random() < 0.3
        taken = ", ".join(f"{'auto' if generic else by.format(kind)} {name}"
                          for kind, by, name in parameters)
        word = rng.choice(["", "mutable ", "noexcept "])
        arrow = f"-> {result} " if rng.random() < 0.5 else ""
        made = (f"[{', '.join(captures)}]({taken}) {word}{arrow}{{ "
                f"return values::make<{result}>({self._seed(parameters, *inside)}); }}")
        arguments = given(rng, parameters)
        checks += [f"auto task = ray::remote({made});", f"auto twin = {made};"]
        remote = f"task{self._options()}.remote({arguments})"
        checks += [f'check("lambda{number}", values::digest(ray::get({remote})), '
                   f"values::digest(twin({arguments})));"] * rng.randint(1, 2)
        return Form([], [], checks)

    def _views(self, number):
        rng, name = self.rng, f"views{number}"
        element, count = rng.choice(ELEMENTS), rng.randint(1, 4)
        # What is taken, what is given, and how it is made a number.
        summed = "for (const auto& x : {0}) sum = values::mix(sum, values::digest(x));"
        choices = [(f"std::span<const {element}>", f"std::vector<{element}>", summed),
                   (f"std::span<const {element}, {count}>", f"std::array<{element}, {count}>", summed),
                   ("std::string_view", "std::string",
                    "sum = values::mix(sum, values::digest(std::string({0})));")]
        taken = [rng.choice(choices) for _ in range(rng.randint(1, 3))]
        body = ["  std::uint64_t sum = 0;"]
        body += ["  " + text.format(f"view_{i}") for i, (_, _, text) in enumerate(taken)]
        head = f"{name}({', '.join(f'{view} view_{i}' for i, (view, _, _) in enumerate(taken))}) {{"
        body += ["  return sum;", "}"]
        checks = [f"const {owner} owner_{i} = values::make<{owner}>({rng.randrange(1000)});"
                  for i, (_, owner, _) in enumerate(taken)]
        owners = [f"owner_{i}" for i in range(len(taken))]
        passed = [rng.choice([owner, f"ray::put({owner})"]) for owner in owners]
        checks.append(f'check("{name}", ray::get({name}{self._options()}.remote({", ".join(passed)})), '
                      f'plain::{name}({", ".join(owners)}));')
        return Form([f"[[ray::remote]] std::uint64_t {head}"] + body, [f"std::uint64_t {head}"] + body,
                    checks)

    def _several(self, number):
        rng, name = self.rng, f"several{number}"
        parameters = self.types.parameters()
        parts = [self.types.any(2, copyable=rng.random() < 0.8) for _ in range(rng.randint(2, 4))]
        result = f"std::tuple<{', '.join(parts)}>"
        returns = rng.choice(["all", str(len(parts))])
        head = f"{result} {name}({signature(parameters)}) {{"
        body = [f"  return values::make<{result}>({self._seed(parameters)});", "}"]
        arguments = given(rng, parameters)
        refs = [f"ref_{i}" for i in range(len(parts))]
        got = ", ".join(f"ray::get({ref})" for ref in refs)
        return Form([f"[[ray::remote(num_returns = {returns})]] {head}"] + body, [head] + body, [
            f"auto [{', '.join(refs)}] = {name}{self._options()}.remote({arguments});",
            f'check("{name}", values::digest_all({got}), values::digest(plain::{name}({arguments})));'])

    def _derived(self, number):
        """An actor whose base, annotated or not, has methods that are called on it."""
        rng, name = self.rng, f"Derived{number}"
        state, kept, most = self.types.any(), self.types.any(), self.types.any(1)
        virtual, own = self.types.parameters(2), self.types.parameters(2)
        base = f"Base{number}"
        base_head = rng.choice(["", "[[ray::remote]] "])
        # Options of methods are those of a remote class.
        options = [rng.choice(METHOD_OPTIONS) if base_head or i == 2 else "" for i in range(3)]
        start = rng.randrange(1000)

        def lines(plain):
            marks = ["", "", ""] if plain else options
            heads = ["", ""] if plain else [base_head, "[[ray::remote(max_restarts = 1)]] "]
            return [
                f"class {heads[0]}{base} {{", " public:",
                f"  explicit {base}(std::uint64_t seed) : state_(values::make<{state}>(seed)) {{}}",
                f"  virtual ~{base}() = default;",
                f"  {marks[0]}virtual std::uint64_t shown({signature(virtual)}) "
                f"{{ return {self._seed(virtual, 'state_')}; }}",
                f"  {marks[1]}{state} renewed(std::uint64_t seed = {start}) "
                f"{{ return state_ = values::make<{state}>(seed); }}",
                " protected:", f"  {state} state_;", "};",
                f"class {heads[1]}{name} : public {base} {{", " public:",
                f"  {name}(std::uint64_t seed, {most} most = values::make<{most}>({start})) : "
                f"{base}(seed), most_(std::move(most)) {{}}",
                f"  std::uint64_t shown({signature(virtual)}) override "
                f"{{ return {self._seed(virtual, 'state_', 'kept_', 'most_')}; }}",
                f"  {marks[2]}const {kept}& keep({signature(own)}) {{",
                f"    return kept_ = values::make<{kept}>({self._seed(own, 'kept_')});", "  }",
                " private:", f"  {kept} kept_{{}};", f"  {most} most_;", "};"]

        made = f"{start}" + (f", values::make<{most}>(5)" if rng.random() < 0.5 else "")
        checks = [f"auto actor = {name}::remote({made});", f"plain::{name} twin({made});"]
        for _ in range(rng.randint(2, 6)):
            method, arguments = rng.choice([("shown", given(rng, virtual)), ("keep", given(rng, own)),
                                            ("renewed", rng.choice(["", "4"]))])
            checks.append(f'check("{name}::{method}", values::digest(ray::get('
                          f'actor.{method}{self._method_options()}.remote({arguments}))), '
                          f"values::digest(twin.{method}({arguments})));")
        return Form(lines(False), lines(True), checks)

    def _method_options(self):
        return self.rng.choice(["", "", '.options({.name = "call"})'])

    def _async_actor(self, number):
        rng, name = self.rng, f"Async{number}"
        parameters, state = self.types.parameters(2), self.types.any()
        arguments = given(rng, parameters)
        comma = ", " if parameters else ""
        seed = self._seed(parameters, "waited", "state_")

        def lines(plain):
            result = state if plain else f"ray::Task<{state}>"
            waited = f"const {state}& waited" if plain else f"ray::ObjectRef<{state}> ref"
            body = [f"return state_ = values::make<{state}>({seed});"]
            if not plain:
                body = [f"const {state} waited = co_await ref;",
                        f"state_ = values::make<{state}>({seed});", "co_return state_;"]
            return ([f"class {'' if plain else '[[ray::remote]] '}{name} {{", " public:",
                     f"  {result} step({signature(parameters)}{comma}{waited}) {{"] +
                    ["    " + line for line in body] +
                    ["  }", f"  const {state}& shown() const {{ return state_; }}", " private:",
                     f"  {state} state_ = values::make<{state}>(3);", "};"])

        checks = [f"auto actor = {name}::remote();", f"plain::{name} twin;"]
        for _ in range(rng.randint(1, 3)):
            value = f"values::make<{state}>({rng.randrange(1000)})"
            checks.append(f'check("{name}::step", values::digest(ray::get(actor.step.remote('
                          f"{arguments}{comma}ray::put({value})))), "
                          f"values::digest(twin.step({arguments}{comma}{value})));")
        checks.append(f'check("{name}::shown", values::digest(ray::get(actor.shown.remote())), '
                      "values::digest(twin.shown()));")
        return Form(lines(False), lines(True), checks)
