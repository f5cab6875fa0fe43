#!/usr/bin/env python3
"""Tests of tools/tidy.py: one small tree a rule, each sound but for what the test breaks."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tidy

SOUND_TREE = {
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 100\nDerivePointerAlignment: false\n",
    "CMakeLists.txt": "sca_module(base LIBRARIES fmt::fmt)\n"
                      "sca_module(domain DEPENDS base)\n"
                      "sca_module(store DEPENDS base\n           domain LIBRARIES sqlite)\n",
    "src/base/text.h": "// Small operations on text.\n\n#pragma once\n\nint Length();\n",
    "src/base/text.cc": '#include "base/text.h"\n\nint Length() { return 1; }\n',
    "src/base/text_test.cc": '#include "base/text.h"\n',
    "src/domain/task.h": "// A task, as code.\n\n#pragma once\n",
    "src/domain/task.cc": '#include "domain/task.h"\n\n#include "base/text.h"\n',
    "src/domain/task_test.cc": '#include "domain/task.h"\n',
    "src/store/store.cc": '#include <sqlite3.h>\n\n#include "domain/task.h"\n\n'
                          'const char kQuery[] = "SELECT a FROM b";\n',
    "src/store/store_test.cc": '#include "base/text.h"\n',
    "README.md": "See `src/base/text.h`, `base/text.h`, [tasks](src/domain/task.h) and `build/x`.\n",
}


def findings_of(changes):
    """What tidy says of the sound tree after `changes` (path: content, None deletes)."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, content in {**SOUND_TREE, **changes}.items():
            if content is not None:
                file = root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
        return tidy.inspect(root)[1]


class TidyTest(unittest.TestCase):
    def expect(self, changes, *expected):
        """Exactly these findings, each given as a piece of its text."""
        errors = findings_of(changes).errors
        self.assertEqual(len(errors), len(expected), errors)
        for piece in expected:
            self.assertTrue(any(piece in error for error in errors), (piece, errors))

    def test_a_sound_tree_has_no_findings(self):
        self.expect({})

    def test_an_include_that_is_not_among_depends_is_found(self):
        self.expect({"src/base/text.cc": '#include "base/text.h"\n\n#include "domain/task.h"\n'},
                    "src/base/text.cc:3: base may not include domain")

    def test_tests_are_held_to_depends_too(self):
        self.expect({"src/base/text_test.cc": '#include "domain/task.h"\n'},
                    "src/base/text_test.cc:1: base may not include domain")

    def test_what_a_dependency_depends_on_must_be_listed_itself(self):
        self.expect({"CMakeLists.txt": "sca_module(base)\nsca_module(domain DEPENDS base)\n"
                                       "sca_module(store DEPENDS domain)\n"},
                    "src/store/store_test.cc:1: store may not include base")

    def test_a_dependency_must_stand_above(self):
        self.expect({"CMakeLists.txt": "sca_module(base DEPENDS domain)\n"
                                       "sca_module(domain DEPENDS base)\n"
                                       "sca_module(store DEPENDS base domain)\n"},
                    "CMakeLists.txt:1: base depends on domain, which is not above it")

    def test_an_include_of_a_file_that_is_gone_is_found(self):
        self.expect({"src/domain/task.cc": '#include "base/gone.h"\n'}, "base/gone.h does not exist")

    def test_a_folder_without_a_line_in_cmake_is_found(self):
        self.expect({"src/web/page.h": "// A page.\n\n#pragma once\n"},
                    "the module web has no sca_module()")

    def test_a_module_without_a_test_is_found(self):
        self.expect({"src/base/text_test.cc": None}, "the module base has no test")

    def test_a_source_beside_the_modules_is_found(self):
        self.expect({"left_over.cc": "int Left() { return 1; }\n"},
                    "left_over.cc:1: lies in no module's folder")

    def test_a_file_below_a_module_folder_is_found(self):
        self.expect({"src/base/deep/x_test.cc": "int x;\n"}, "modules are flat folders")

    def test_long_headers_and_sources_are_found(self):
        header = SOUND_TREE["src/base/text.h"] + "int a();\n" * 150
        source = SOUND_TREE["src/base/text.cc"] + "int b();\n" * 600
        self.expect({"src/base/text.h": header, "src/base/text.cc": source},
                    "155 lines; a header has at most 150", "603 lines; a source has at most 600")

    def test_a_source_above_the_aim_is_only_a_warning(self):
        source = SOUND_TREE["src/base/text.cc"] + "int b();\n" * 400
        findings = findings_of({"src/base/text.cc": source})
        self.assertEqual(findings.errors, [])
        self.assertIn("403 lines; aim at 400", findings.warnings[0])

    def test_long_functions_are_found_at_namespace_level_and_in_classes(self):
        body = "  int a;\n" * 70
        member = "    int a;\n" * 70
        self.expect({"src/base/text.cc": f"int F() {{\n{body}}}\n\nclass C {{\n  int G() {{\n{member}"
                                         "  }\n};\n"},
                    "src/base/text.cc:1: a function of 72 lines",
                    "src/base/text.cc:75: a function of 72 lines")

    def test_a_function_of_seventy_lines_and_a_long_table_are_fine(self):
        body = "  int a;\n" * 68
        rows = '    "a row of a table, long enough that the next one does not fit beside it, ever",\n' * 80
        self.expect({"src/base/text.cc": f"int F() {{\n{body}}}\n\nconst char* kTable[] = {{\n{rows}"
                                         "};\n\nint G() {\n  int a;\n  return 1;\n}\n"})

    def test_braces_in_raw_strings_end_no_function(self):
        text = 'const char* F() {\n  return R"js(\n}\n)js";\n' + "  int a;\n" * 70 + "}\n"
        self.expect({"src/base/text.cc": text}, "src/base/text.cc:1: a function of 75 lines")

    def test_long_python_functions_and_broken_python_are_found(self):
        self.expect({"tools/a.py": "def f():\n" + "    x = 1\n" * 70, "tools/b.py": "def f(:\n"},
                    "tools/a.py:1: f has 71 lines", "tools/b.py:1: is no Python")

    def test_a_header_needs_pragma_once_and_a_first_sentence(self):
        self.expect({"src/base/text.h": "#include <string>\n"},
                    "#pragma once is missing", "the first line must be a sentence")

    def test_names_that_say_nothing_are_found(self):
        self.expect({"src/base/string_util.h": "// Text.\n\n#pragma once\n",
                     "src/domain/task.h": "// A task.\n\n#pragma once\n\nstruct TaskManager {};\n"},
                    '"util" says nothing', '"manager" says nothing: name the type TaskManager')

    def test_names_that_only_contain_such_letters_are_fine(self):
        self.expect({"src/base/database.h": "// A database.\n\n#pragma once\n\nclass Database {};\n"})

    def test_an_outside_library_stays_in_its_module(self):
        self.expect({"src/domain/task.cc": "#include <sqlite3.h>\n#include <torch/torch.h>\n"},
                    "sqlite3.h is for store only", "torch/torch.h is for train only")

    def test_only_one_file_includes_llama(self):
        self.expect({"CMakeLists.txt": SOUND_TREE["CMakeLists.txt"] + "sca_module(llm)\n",
                     "src/llm/a.cc": "#include <llama.h>\n", "src/llm/b.cc": "#include <llama.h>\n",
                     "src/llm/a_test.cc": "int x;\n"},
                    "src/llm/b.cc:1: llama.h is for one file only, and src/llm/a.cc has it")

    def test_sql_outside_the_store_is_found(self):
        self.expect({"src/domain/task.cc": 'const char kQuery[] = "SELECT a FROM b";\n'},
                    "SQL belongs into store")

    def test_open_work_needs_the_number_of_an_issue(self):
        self.expect({"src/domain/task.cc": "// TODO mend this.\n// TODO(#12): and this.\n"},
                    "src/domain/task.cc:1: TODO without the number")

    def test_unformatted_code_is_found(self):
        self.expect({"src/domain/task.cc": "int   x;\n"}, "src/domain/task.cc:1: run clang-format-14")

    def test_documents_name_only_files_that_exist(self):
        self.expect({"README.md": "`src/base/gone.h`, `base/gone.h`, `gone.sh`, [a](docs/gone.md), "
                                  "`and/or`, `user.name`.\n```\nsrc/base/also_gone.h\n```\n"},
                    "src/base/gone.h does not exist", ": base/gone.h does not exist",
                    "gone.sh does not exist", "docs/gone.md does not exist")

    def test_documents_may_name_files_beside_them(self):
        self.expect({"docs/A.md": "`B.md`, [text](../src/base/text.h)\n", "docs/B.md": "Text.\n"})


if __name__ == "__main__":
    unittest.main()
