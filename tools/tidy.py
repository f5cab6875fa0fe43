#!/usr/bin/env python3
"""Checks that the tree keeps the rules of docs/STYLE.md and the modules of docs/ARCHITECTURE.md.

    tools/tidy.py [--root DIR]

Prints a line a finding, `path:line: what is wrong`, and ends with 1 if there is any. Warnings are
printed and do not count.
"""

import argparse
import ast
import dataclasses
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys

HEADER_LINES_MAX = 150
SOURCE_LINES_WARN = 400
SOURCE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70

CPP_SUFFIXES = {".h", ".cc"}
CODE_SUFFIXES = CPP_SUFFIXES | {".py", ".sh", ".cmake", ".toml", ".ts"}
OUTPUT_FOLDERS = {".git", "build", "runs", "node_modules", "__pycache__", ".cache"}
FORBIDDEN_WORDS = set("util utils common helper helpers misc manager data info handler impl".split())

# An outside library is included by the module that wraps it, and nowhere else.
LIBRARY_OWNERS = [
    (r"(torch|ATen|c10)/", {"train"}),
    (r"(dnnl|oneapi/dnnl)", {"train"}),
    (r"sqlite3\.h", {"store"}),
    (r"CLI/", {"cli"}),
    (r"toml\+\+/", {"domain"}),
    (r"(spdlog|openssl)/", {"base"}),
    (r"nlohmann/", {"base"}),
    (r"(seccomp|Python)\.h", {"sandbox"}),
    (r"linux/(seccomp|landlock|filter)\.h", {"sandbox"}),
    (r"httplib\.h", {"llm", "web"}),
    (r"mpi\.h", {"campaign"}),
    (r"llama(-cpp)?\.h", {"llm"}),
]
SQL = re.compile(
    r'"\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+'
    r"(TABLE|INDEX|TRIGGER)|DROP\s+TABLE|PRAGMA\s)")
TYPE_DEFINITION = re.compile(
    r"^\s*(?:enum class|enum|class|struct|using)\s+(?:\[\[\w+\]\]\s+)?([A-Z]\w*)\s*(?:[:{=]|final|$)")
OPEN_TASK = re.compile(r"\b(TODO|FIXME)\b(?!\(#?\d+\)| #\d+)")


@dataclasses.dataclass
class Module:
    depends: list
    line: int  # Of its sca_module() in CMakeLists.txt.


class Findings:
    def __init__(self):
        self.errors = []
        self.warnings = []

    def error(self, path, line, text):
        self.errors.append(f"{path}:{line}: {text}")

    def warn(self, path, line, text):
        self.warnings.append(f"{path}:{line}: warning: {text}")


class Tree:
    """The files of a source tree, as git has them or, outside git, as they lie there."""

    def __init__(self, root):
        self.root = root
        self.files = sorted(self._list())
        self._lines = {}

    def _list(self):
        if (self.root / ".git").exists():
            listed = subprocess.run(
                ["git", "-c", f"safe.directory={self.root}", "-C", str(self.root), "ls-files", "-z",
                 "--cached", "--others", "--exclude-standard"],
                check=True, capture_output=True, text=True)
            names = [pathlib.PurePosixPath(name) for name in listed.stdout.split("\0") if name]
        else:
            names = [pathlib.PurePosixPath(path.relative_to(self.root).as_posix())
                     for path in self.root.rglob("*")]
        return [name for name in names
                if not OUTPUT_FOLDERS & set(name.parts[:-1]) and (self.root / name).is_file()]

    def having(self, *suffixes):
        return [file for file in self.files if file.suffix in suffixes]

    def lines(self, file):
        if file not in self._lines:
            text = (self.root / file).read_text(encoding="utf-8", errors="replace")
            self._lines[file] = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")
        return self._lines[file]


def read_modules(tree, findings):
    """The sca_module() lines of CMakeLists.txt, in their order."""
    cmake = pathlib.PurePosixPath("CMakeLists.txt")
    if cmake not in tree.files:
        findings.error(cmake, 1, "is missing: it lists the modules")
        return {}
    text = re.sub(r"#.*", "", "\n".join(tree.lines(cmake)))
    modules = {}
    for call in re.finditer(r"^sca_module\(([^)]*)\)", text, re.MULTILINE):
        words = call.group(1).split()
        line = text.count("\n", 0, call.start()) + 1
        depends = re.sub(r"^.*?(\bDEPENDS\b|$)", "", call.group(1), flags=re.DOTALL)
        module = Module(depends.split("LIBRARIES")[0].split(), line)
        for depend in module.depends:
            if depend not in modules:
                findings.error(cmake, line, f"{words[0]} depends on {depend}, which is not above it "
                               "in the list")
        modules[words[0]] = module
    return modules


def module_of(file):
    """The module that a file of src/ belongs to, or None."""
    return file.parts[1] if len(file.parts) > 2 and file.parts[0] == "src" else None


def check_module_folders(tree, modules, findings):
    sources, tests = set(), set()
    for file in tree.having(*CPP_SUFFIXES):
        name = module_of(file)
        if name is None:
            findings.error(file, 1, "lies in no module's folder")
            continue
        if name not in modules:
            findings.error(file, 1, f"the module {name} has no sca_module() in CMakeLists.txt")
        if len(file.parts) > 3:
            findings.error(file, 1, "modules are flat folders; the build does not see this file")
        if file.name.endswith("_test.cc"):
            tests.add(name)
        elif file.suffix == ".cc" and not file.name.endswith("_main.cc"):
            sources.add(name)
    for name, module in modules.items():
        if name not in sources:
            findings.error("CMakeLists.txt", module.line, f"the module {name} has no source")
        elif name not in tests:
            findings.error(f"src/{name}", 1, f"the module {name} has no test (*_test.cc)")


def check_includes(tree, modules, findings):
    llama_files = []
    include = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
    for file in tree.having(*CPP_SUFFIXES):
        name = module_of(file)
        for number, line in enumerate(tree.lines(file), 1):
            match = include.match(line)
            if not match:
                continue
            path = match.group(2)
            for pattern, owners in LIBRARY_OWNERS:
                if re.match(pattern, path) and name not in owners:
                    findings.error(file, number, f"{path} is for {' and '.join(sorted(owners))} only")
            if re.match(r"llama(-cpp)?\.h$", path) and file not in llama_files:
                llama_files.append(file)
            if match.group(1) == '"' and name is not None:
                check_own_include(tree, modules, file, number, path, findings)
    for file in llama_files[1:]:
        findings.error(file, 1, f"llama.h is for one file only, and {llama_files[0]} has it")


def check_own_include(tree, modules, file, number, path, findings):
    name = module_of(file)
    target = path.split("/")[0]
    if "/" not in path:
        if pathlib.PurePosixPath("src", name, path) in tree.files:
            findings.error(file, number, f'write "{name}/{path}": the include root is src/')
        return
    if target not in modules:
        return  # An outside library's header.
    if pathlib.PurePosixPath("src", path) not in tree.files:
        findings.error(file, number, f"{path} does not exist")
    if name in modules and target != name and target not in modules[name].depends:
        findings.error(file, number, f"{name} may not include {target}: it is not among its DEPENDS "
                       "in CMakeLists.txt")


def check_sizes(tree, findings):
    for file in tree.having(".h", ".cc", ".py", ".sh", ".ts"):
        count = len(tree.lines(file))
        if file.suffix == ".h" and count > HEADER_LINES_MAX:
            findings.error(file, count, f"{count} lines; a header has at most {HEADER_LINES_MAX}")
        elif count > SOURCE_LINES_MAX:
            findings.error(file, count, f"{count} lines; a source has at most {SOURCE_LINES_MAX}")
        elif count > SOURCE_LINES_WARN:
            findings.warn(file, count, f"{count} lines; aim at {SOURCE_LINES_WARN}")


def blank_raw_strings(lines):
    """The lines with the inside of raw string literals emptied, so that braces in it do not count."""
    blanked, end = [], None
    for line in lines:
        if end is not None:
            if end in line:
                line, end = "    " + line[line.index(end) + len(end):], None
            else:
                line = ""
        match = re.search(r'R"([^()\\ ]{0,16})\(', line)
        if match and f'){match.group(1)}"' not in line[match.end():]:
            end = f'){match.group(1)}"'
            line = line[:match.start()] + '""'
        blanked.append(line)
    return blanked


def cpp_functions(lines):
    """(first line, last line) of function definitions, told by the indentation of clang-format.

    A function at namespace level stands at column 0, a member in a class at column 2; its body ends
    with a brace alone in the same column.
    """
    lines = blank_raw_strings(lines)
    in_class = False
    begun = {}  # Column: first line of what may be a definition.
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if not line.strip() or indent not in (0, 2) or line.lstrip()[0] in "#/":
            continue
        word = line.split()[0]
        scope = word in ("namespace", "extern") or (word.startswith("}") and "namespace" in line)
        if indent == 0:
            if not scope and re.match(r"(template.*>\s*)?(class|struct|union|enum)\b", line):
                in_class = line.endswith("{")
            if line.startswith("}"):
                in_class = False
        if indent == 2 and not in_class:
            continue
        if line.strip() == "}" and indent in begun:
            yield begun.pop(indent), number
        elif line.endswith(("}", ";", ":")) or scope:
            begun.pop(indent, None)
        elif not line.strip().startswith("}") and (indent not in begun or not lines[number - 2]):
            begun[indent] = number  # No blank line stands within a signature.


def check_functions(tree, findings):
    for file in tree.having(*CPP_SUFFIXES):
        for first, last in cpp_functions(tree.lines(file)):
            if last - first + 1 > FUNCTION_LINES_MAX:
                findings.error(file, first, f"a function of {last - first + 1} lines; at most "
                               f"{FUNCTION_LINES_MAX}")
    for file in tree.having(".py"):
        try:
            parsed = ast.parse("\n".join(tree.lines(file)))
        except SyntaxError as error:
            findings.error(file, error.lineno or 1, f"is no Python: {error.msg}")
            continue
        for node in ast.walk(parsed):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                count = node.end_lineno - node.lineno + 1
                if count > FUNCTION_LINES_MAX:
                    findings.error(file, node.lineno, f"{node.name} has {count} lines; at most "
                                   f"{FUNCTION_LINES_MAX}")


def check_headers(tree, findings):
    for file in tree.having(".h"):
        lines = tree.lines(file)
        if "#pragma once" not in lines:
            findings.error(file, 1, "#pragma once is missing")
        comment = []
        for line in lines:
            if not line.startswith("// "):
                break
            comment.append(line[3:])
        if not comment or not re.search(r"[.:](\s|$)", " ".join(comment)):
            findings.error(file, 1, "the first line must be a sentence that says what it is for")


def forbidden_word(name):
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return next((word.lower() for word in words if word.lower() in FORBIDDEN_WORDS), None)


def check_names(tree, findings):
    for file in tree.having(".h", ".cc", ".py", ".ts", ".sh", ".cmake"):
        bad = forbidden_word(file.stem)
        if bad:
            findings.error(file, 1, f'"{bad}" says nothing: name the file after what it is for')
    for file in tree.having(*CPP_SUFFIXES):
        for number, line in enumerate(tree.lines(file), 1):
            match = TYPE_DEFINITION.match(line)
            bad = match and forbidden_word(match.group(1))
            if bad:
                findings.error(file, number,
                               f'"{bad}" says nothing: name the type {match.group(1)} after what it is')


def check_text(tree, findings):
    for file in tree.files:
        if file.suffix not in CODE_SUFFIXES or file.name.startswith("tidy"):
            continue
        for number, line in enumerate(tree.lines(file), 1):
            match = OPEN_TASK.search(line)
            if match:
                findings.error(file, number, f"{match.group(1)} without the number of an issue: "
                               f"write {match.group(1)}(#12)")
            if file.suffix in CPP_SUFFIXES and module_of(file) not in (None, "store") \
                    and SQL.search(line):
                findings.error(file, number, "SQL belongs into store")


def named_paths(text):
    """(offset, path) of what a Markdown text names: links, and backticked words that look like files."""
    for match in re.finditer(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in match.group(1) and not match.group(1).startswith("mailto:"):
            yield match.start(), match.group(1), True
    fences = [match.span() for match in re.finditer(r"^ *```.*?^ *```", text, re.DOTALL | re.MULTILINE)]
    for match in re.finditer(r"`([^`\n]+)`", text):
        if any(start <= match.start() < end for start, end in fences):
            continue
        if re.fullmatch(r"[\w.][\w.-]*(/[\w.-]+)*/?", match.group(1)):
            yield match.start(), match.group(1), False


def check_documents(tree, findings):
    known = {str(file) for file in tree.files}
    for file in tree.files:
        known.update(str(parent) for parent in file.parents)
    tops = {file.parts[0] for file in tree.files if len(file.parts) > 1} | {"src", "docs", "tests"}
    modules = {module_of(file) for file in tree.files}
    names = {file.name for file in tree.files}
    for file in tree.having(".md"):
        text = "\n".join(tree.lines(file))
        for offset, path, is_link in named_paths(text):
            clean = path.rstrip("/").removeprefix("./")
            parts = clean.split("/")
            beside = posixpath.normpath(posixpath.join(str(file.parent), clean))
            if beside in known or clean in known or parts[0] in OUTPUT_FOLDERS:
                continue
            if "/" in clean:
                claims = parts[0] in tops or (parts[0] in modules and "." in parts[-1])
                exists = f"src/{clean}" in known
            else:
                claims = clean.endswith((".md", ".sh"))  # A bare thing.h may be an example.
                exists = clean in names
            if (claims or is_link) and not exists:
                findings.error(file, text.count("\n", 0, offset) + 1, f"{path} does not exist")


def check_format(tree, findings):
    files = [str(file) for file in tree.having(*CPP_SUFFIXES)]
    if not files:
        return
    program = shutil.which("clang-format-14")
    if program is None:
        findings.error("tools/install_packages.sh", 1, "clang-format-14 is not installed; run this")
        return
    result = subprocess.run([program, "--dry-run", "-Werror", *files], cwd=tree.root,
                            capture_output=True, text=True)
    unformatted = {}  # File: first line.
    for file, line in re.findall(r"^([^:]+):(\d+):\d+: error: code should be clang-formatted",
                                 result.stderr, re.MULTILINE):
        unformatted.setdefault(file, line)
    for file, line in unformatted.items():
        findings.error(file, line, "run clang-format-14 -i on this file")
    if result.returncode != 0 and "clang-formatted" not in result.stderr:
        findings.error(".clang-format", 1, f"clang-format-14 failed: {result.stderr.strip()}")


def inspect(root):
    tree = Tree(root)
    findings = Findings()
    modules = read_modules(tree, findings)
    check_module_folders(tree, modules, findings)
    check_includes(tree, modules, findings)
    for check in (check_sizes, check_functions, check_headers, check_names, check_text,
                  check_documents, check_format):
        check(tree, findings)
    return tree, findings


def main():
    parser = argparse.ArgumentParser(description="Checks the rules of docs/STYLE.md.")
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    tree, findings = inspect(parser.parse_args().root.resolve())
    for line in findings.warnings + findings.errors:
        print(line)
    if findings.errors:
        print(f"tidy: {len(findings.errors)} findings in {len(tree.files)} files.")
        return 1
    print(f"tidy: {len(tree.files)} files keep the rules.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
