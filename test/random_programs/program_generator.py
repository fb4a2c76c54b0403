"""Makes random valid annotated programs that check themselves.

Every remote function and class of a program has a plain twin, written beside it in a namespace
`plain` with the same body and no annotation. `main` calls both with the same arguments and ends with
1 where the results differ. What is random: the types that travel (values.h), the forms in which
functions and classes are written, their options, and how they are called.
"""

import random

from call_forms import CallForms
from travelling_types import Types

OPTIONS = ["num_cpus = 0.5", "num_cpus = 0", "max_retries = 1", "retry_exceptions = true",
           "max_calls = 100", "scheduling = spread", 'name = "some"', "num_cpus = 1, max_retries = 0"]


class Function:
    """A remote function and its twin."""

    def __init__(self, name, scope, result, parameters, defaults):
        self.name, self.scope = name, scope
        self.result, self.parameters, self.defaults = result, parameters, defaults
        self.explicit = ""  # template arguments of a call
        self.may_be_overloaded = True

    def path(self, plain=False):
        scopes = (["plain"] if plain else []) + ([self.scope] if self.scope else [])
        # From the top: within outer::inner the name `inner` is another namespace.
        return "".join("::" + part for part in scopes + [self.name]) + self.explicit


class Program:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.types = Types(self.rng)
        self.functions = []
        self.declared = []  # lines at namespace scope
        self.plain = []
        self.later = []  # definitions behind main
        self.checks = []
        for number in range(self.rng.randint(3, 7)):
            self._function(number)
        for number in range(self.rng.randint(1, 2)):
            self._actor(number)
        for function in self.functions:
            for _ in range(self.rng.randint(1, 2)):
                self._check(function)
        forms = CallForms(self.rng, self.types)
        for number in range(self.rng.randint(2, 5)):
            form = forms.one(number)
            self.plain += ["namespace plain {"] + form.plain + ["}"]
            self.declared += form.declared
            self.checks += ["{"] + form.checks + ["}"]

    def text(self):
        lines = ['#include <ray/ray.h>', '', '#include <cstdio>', '', '#include "values.h"', '',
                 'int failures = 0;',
                 'void check(const char* what, std::uint64_t remote, std::uint64_t plain) {',
                 '  if (remote == plain) return;',
                 '  std::printf("%s differs: %llx, plainly %llx\\n", what, (unsigned long long)remote,',
                 '              (unsigned long long)plain);', '  ++failures;', '}']
        lines += self.types.text + self.plain + self.declared
        lines += ["int main() {", "  ray::init({.num_cpus = 2});"]
        lines += ["  " + line for line in self.checks]
        lines += ['  std::printf("%d differ\\n", failures);', "  return failures != 0;", "}"]
        return "\n".join(lines + self.later) + "\n"

    # Functions

    def _annotation(self):
        if self.rng.random() < 0.5:
            return "[[ray::remote]]"
        return f"[[ray::remote({self.rng.choice(OPTIONS)})]]"

    def _body(self, result, parameters, plain):
        salt = self._salt
        parts = [name for _, _, name in parameters] or ["1"]
        if self._nested is not None:
            nested, arguments = self._nested
            call = (f"{nested.path(True)}({arguments})" if plain else
                    f"ray::get({nested.path()}.remote({arguments}))")
            parts.append(call)
        return (f"return values::make<{result}>(values::mix({salt}, "
                f"values::digest_all({', '.join(parts)})));")

    def _function(self, number):
        rng = self.rng
        overloaded = [f for f in self.functions if not f.explicit and f.may_be_overloaded]
        scope = rng.choice(["", "", "inner", "outer::inner"])
        name = f"function{number}"
        parameters = self.types.parameters()
        result = self.types.any(2, copyable=rng.random() < 0.9)
        form = rng.choice(["plain", "plain", "static", "inline", "auto", "later", "template",
                           "overload", "macro", "noexcept", "member"])
        if form == "overload" and overloaded:
            other = rng.choice(overloaded)
            if any([k for k, _, _ in other.parameters] == [k for k, _, _ in f.parameters]
                   for f in self.functions if f is not other and f.name == other.name):
                form = "plain"
            else:
                # An argument more than any other of that name: no call is ambiguous.
                name, scope = other.name, other.scope
                most = max(len(f.parameters) for f in self.functions
                           if f.name == name and f.scope == scope)
                least = most + 1
                while len(parameters) < least:
                    parameters.append((self.types.scalar(), "{}", f"more_{len(parameters)}"))
        self._salt = rng.randrange(10**6)
        self._nested = None
        if self.functions and rng.random() < 0.3:
            nested = rng.choice(self.functions)
            self._nested = (nested, self._arguments(nested, True))
        defaults = 0
        if form not in ("overload", "template") and parameters and rng.random() < 0.3:
            if not any(f.name == name for f in self.functions):
                defaults = 1
        self._emit(form, scope, name, result, parameters, defaults)

    def _emit(self, form, scope, name, result, parameters, defaults):
        function = Function(name, scope, result, parameters, defaults)
        function.may_be_overloaded = form != "member"
        annotation = self._annotation()

        def signature(with_defaults):
            texts = []
            for i, (kind, by, parameter) in enumerate(parameters):
                text = f"{by.format(kind)} {parameter}"
                if with_defaults and i >= len(parameters) - defaults:
                    text += f" = values::make<{kind}>({i})"
                texts.append(text)
            return ", ".join(texts)

        def write(lines, plain):
            head = "" if plain else annotation + " "
            body = self._body(result, parameters, plain)
            begin = ["namespace " + scope + " {"] if scope else []
            end = ["}"] if scope else []
            if form == "template":
                template = f"template <class T> {head}std::uint64_t {name}(T x_0) {{ " \
                           f"return values::mix({self._salt}, values::digest(x_0)); }}"
                lines += begin + [template] + end
            elif form == "auto":
                lines += begin + [f"{head}auto {name}({signature(True)}) -> {result} {{ {body} }}"] + end
            elif form == "later":
                lines += begin + [f"{head}{result} {name}({signature(True)});"] + end
                target = self.later
                target += ((["namespace plain {"] if plain else []) + begin +
                           [f"{result} {name}({signature(False)}) {{ {body} }}"] + end +
                           (["}"] if plain else []))
            elif form == "member":
                lines += begin + [f"struct Holder_{name} {{",
                                  f"{head}static {result} {name}({signature(True)}) {{ {body} }}",
                                  "};"] + end
            elif form == "macro" and not plain:
                lines += begin + [f"#define REMOTE_{name} {annotation}",
                                  f"REMOTE_{name} {result} {name}({signature(True)}) {{ {body} }}"] + end
            else:
                word = {"static": "static ", "inline": "inline "}.get(form, "")
                tail = " noexcept" if form == "noexcept" else ""
                lines += begin + [f"{head}{word}{result} {name}({signature(True)}){tail} {{ {body} }}"] + end

        if form == "template":
            kind = self.types.any(2)
            function.result, function.parameters = "std::uint64_t", [(kind, "{}", "x_0")]
            if self.rng.random() < 0.5:
                function.explicit = f"<{kind}>"
        self.plain.append("namespace plain {")
        write(self.plain, True)
        self.plain.append("}")
        write(self.declared, False)
        if form == "member":
            function.scope = "::".join(filter(None, [scope, f"Holder_{name}"]))
        self.functions.append(function)

    def _arguments(self, function, all_of_them=False):
        count = len(function.parameters)
        if function.defaults and not all_of_them and self.rng.random() < 0.5:
            count -= 1
        return ", ".join(f"values::make<{kind}>({self.rng.randrange(1000)})"
                         for kind, _, _ in function.parameters[:count])

    def _check(self, function):
        rng = self.rng
        arguments = self._arguments(function)
        call = f"{function.path()}.remote({arguments})"
        how = rng.randrange(4)
        if how == 0:
            call = f"{function.path()}.options({{.num_cpus = 0.25}}).remote({arguments})"
        elif how == 1 and function.parameters and arguments and "unique_ptr" not in arguments:
            refs = [f"ray::put(values::make<{kind}>({i}))" for i, (kind, _, _) in
                    enumerate(function.parameters)]
            arguments = ", ".join(f"values::make<{kind}>({i})" for i, (kind, _, _) in
                                  enumerate(function.parameters))
            call = f"{function.path()}.remote({', '.join(refs)})"
        self.checks.append(f'check("{function.path()}", values::digest(ray::get({call})), '
                           f'values::digest({function.path(True)}({arguments})));')

    # Actors

    def _actor(self, number):
        rng = self.rng
        name = f"Actor{number}"
        state = self.types.any(2)
        is_template = rng.random() < 0.3
        methods = []
        for i in range(rng.randint(1, 4)):
            same = methods and rng.random() < 0.25
            parameters = self.types.parameters()
            if same:  # an overload: one argument more
                parameters = [p for p in methods[-1][1]] + [(self.types.scalar(), "{}", f"more_{i}")]
            methods.append((methods[-1][0] if same else f"method{i}", parameters,
                            self.types.any(2), rng.random() < 0.3, rng.randrange(10**6)))
        start = self.types.parameters()
        kept = "State" if is_template else state
        specialised = f"{name}<{state}>" if is_template else name

        def body(plain):
            head = "" if plain else "[[ray::remote]] "
            lines = ["template <class State>"] if is_template else []
            lines += [f"class {head}{name} {{", " public:"]
            signature = ", ".join(f"{by.format(kind)} {p}" for kind, by, p in start)
            digests = ", ".join(p for _, _, p in start) or "0"
            explicit = "explicit " if len(start) == 1 else ""
            lines.append(f"  {explicit}{name}({signature}) : "
                         f"state_(values::make<{kept}>(values::digest_all({digests}))) {{}}")
            for method, parameters, result, const, salt in methods:
                signature = ", ".join(f"{by.format(kind)} {p}" for kind, by, p in parameters)
                digests = ", ".join([p for _, _, p in parameters] + ["state_", "calls_"])
                lines.append(f"  {result} {method}({signature}){' const' if const else ''} {{")
                if not const:
                    lines.append("    ++calls_;")
                    lines.append(f"    state_ = values::make<{kept}>(values::digest_all(state_, {salt}));")
                lines.append(f"    return values::make<{result}>(values::digest_all({digests}));")
                lines.append("  }")
            lines += [" private:", f"  {kept} state_;", "  int calls_ = 0;", "};"]
            return lines

        self.plain += ["namespace plain {"] + body(True) + ["}"]
        self.declared += body(False)
        arguments = ", ".join(f"values::make<{kind}>({rng.randrange(1000)})" for kind, _, _ in start)
        self.checks.append("{")
        self.checks.append(f"auto actor = {specialised}::remote({arguments});")
        self.checks.append(f"plain::{specialised} twin({arguments});" if arguments else
                           f"plain::{specialised} twin;")
        passed = methods[0]
        given = ", ".join(f"values::make<{kind}>({i})" for i, (kind, _, _) in enumerate(passed[1]))
        self.declared.append(
            f"[[ray::remote]] std::uint64_t through_{name}(ray::ActorHandle<{specialised}> actor) {{ "
            f"return values::digest(ray::get(actor.{passed[0]}.remote({given}))); }}")
        for _ in range(rng.randint(2, 6)):
            method, parameters, _, _, _ = rng.choice(methods)
            arguments = ", ".join(f"values::make<{kind}>({rng.randrange(1000)})"
                                  for kind, _, _ in parameters)
            if rng.random() < 0.2:
                self.checks.append(f'check("through_{name}", ray::get(through_{name}.remote(actor)), '
                                   f'values::digest(twin.{passed[0]}({given})));')
            self.checks.append(
                f'check("{name}::{method}", values::digest(ray::get(actor.{method}.remote({arguments}))), '
                f'values::digest(twin.{method}({arguments})));')
        self.checks.append("}")


def generate(seed):
    return Program(seed).text()


if __name__ == "__main__":
    import sys
    sys.stdout.write(generate(int(sys.argv[1])))
