#!/usr/bin/env python3
"""The tools that judge the tree are judged themselves: each rule on a planted violation, each runner's closing line."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS))
import check_layers  # noqa: E402
import check_tree  # noqa: E402
import count_tests  # noqa: E402
import method_pages  # noqa: E402
import reliability_page  # noqa: E402


class Planted(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)
        self.write("CMakeLists.txt", "vt_module(base PURE)\nvt_module(market PURE DEPS base)\nvt_module(net SHELL DEPS base)\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        subprocess.run(["git", "-C", str(self.root), "add", name], check=True)


class Layers(Planted):
    def expect(self, name, text, part):
        self.write(name, text)
        found = list(check_layers.problems(self.root))
        if part is None:
            self.assertEqual(found, [])
        else:
            self.assertTrue(any(part in problem for problem in found), found)

    def test_an_include_against_the_flow(self):
        self.expect("src/base/a.hpp", '#include "market/b.hpp"\n', "base may not include market")

    def test_a_clock_in_pure_code(self):
        self.expect("src/market/a.cpp", "auto t = std::chrono::system_clock::now();\n", "ambient clock")

    def test_libm_in_pure_code(self):
        self.expect("src/market/a.cpp", "double y = std::exp(x);\n", "base/math.hpp")

    def test_a_thread_is_allowed_in_the_shell(self):
        self.expect("src/net/a.cpp", "#include <thread>\n", None)

    def test_a_module_that_nobody_declared(self):
        self.expect("src/helper/a.cpp", "int x;\n", "not a vt_module")

    def test_a_file_with_two_ideas(self):
        self.expect("src/base/a.cpp", "\n" * 601, "more than 600")


class MethodPages(Planted):
    COMPONENT = {"dimension": "order_flow", "name": "net_flow", "unit": "1", "weight": .3, "shadow": False, "map": "z0", "sign": 1,
                 "test": "NetFlow.IsNet", "frames": [{"frame": "1m", "weight": 1, "n_min": 60}]}
    HEADER = """/// What flows in, less what flows out.
///   out:    1, in -1..1; nothing is
///           absent
///   source: a book
class NetFlow {
public:
    static constexpr double kSmallest = 1'000;  ///< below it nothing is counted
    static constexpr Nanos kHalfLife = std::chrono::minutes{5};
private:
    static constexpr int kHidden = 3;
};
"""

    def setUp(self):
        super().setUp()
        self.write("src/analysis/order_flow/net_flow.hpp", self.HEADER)
        self.write("docs/indicators/README.md", "[net_flow](net_flow.md)\n")
        self.write("docs/indicators/net_flow.md", "# net_flow\n\n## What it says\nA\n\n## When it errs\nB\n")

    def problems(self, is_check=True, **changes):
        return list(method_pages.problems([{**self.COMPONENT, **changes}], self.root, is_check))

    def test_a_page_without_its_end_and_one_with_it(self):
        self.assertTrue("differs" in self.problems()[0])
        self.assertEqual(self.problems(is_check=False), [])
        self.assertEqual(self.problems(), [])
        page = (self.root / "docs/indicators/net_flow.md").read_text()
        for part in ("What flows in, less what flows out.", "* out: 1, in -1..1; nothing is absent", "* source: a book",
                     "| `kSmallest` | `1000` | below it nothing is counted |", "| `kHalfLife` | `5 minutes` |  |", "| 1m | 1 | 60 |"):
            self.assertIn(part, page)
        self.assertNotIn("kHidden", page)
        self.assertTrue(page.startswith("# net_flow\n\n## What it says\nA\n"))

    def test_a_weight_a_constant_or_a_contract_that_moved_on(self):
        self.problems(is_check=False)
        self.assertTrue("differs" in self.problems(weight=.25)[0])
        for old, new in (("1'000", "2'000"), ("less what", "without what")):
            self.write("src/analysis/order_flow/net_flow.hpp", self.HEADER.replace(old, new))
            self.assertTrue("differs" in self.problems()[0], new)

    def test_a_component_without_a_page_and_a_page_without_its_words(self):
        self.assertTrue("no method page" in self.problems(name="other_flow")[0])
        self.write("docs/indicators/net_flow.md", "# net_flow\n")
        self.problems(is_check=False)
        self.assertEqual(sum("lacks the section" in problem for problem in self.problems()), 2)


class ReliabilityPage(Planted):
    ROW = {"id": "D1", "fault": "the server is away", "shown": "nothing is lost", "tests": ["Keeper.WaitsForIt", "OnBoth"]}

    def found(self, **changed):
        self.write("src/base/a_test.cpp", "TEST_F(Keeper, WaitsForIt) {}\nTYPED_TEST(OnBoth,\n           Opens) {}\n")
        row = {key: value for key, value in {**self.ROW, **changed}.items() if value is not None}
        return list(reliability_page.problems(self.root, {"section": [{"title": "x", "row": [row]}]}))

    def test_rows_that_name_tests_and_suites_that_are_there(self):
        self.assertEqual(self.found(), [])
        self.assertEqual(self.found(tests=["OnBoth.Opens"]), [])

    def test_a_test_that_is_not_there(self):
        self.assertEqual(self.found(tests=["Keeper.WaitsForEver"]), ["D1: there is no test Keeper.WaitsForEver"])
        self.assertEqual(self.found(tests=["tests/program/none.py"]), ["D1: tests/program/none.py is not there"])

    def test_a_row_that_shows_nothing(self):
        self.assertEqual(self.found(tests=None), ["D1: names no test, and does not say that it is missing"])
        self.assertEqual(self.found(tests=None, missing="everything"), [])

    def test_a_field_that_is_misspelt(self):
        self.assertEqual(self.found(mising="a part"), ["D1: nothing is made of 'mising'"])

    def test_the_page_holds_every_word_of_a_row(self):
        page = reliability_page.written({"title": "T", "intro": "I", "section": [{"title": "S", "row": [{**self.ROW, "missing": "a | b"}]}]})
        self.assertIn("| D1 | the server is away | nothing is lost. Not shown: a \\| b | `Keeper.WaitsForIt`, `OnBoth` |", page)


class Tree(Planted):
    def content(self, name, text):
        self.write(name, text)
        return list(check_tree.content_problems(self.root, check_tree.tracked(self.root)))

    def test_a_machine_path(self):
        self.assertEqual(len(self.content("a.md", "see /ho" "me/somebody\n")), 1)
        self.assertEqual(len(self.content("a.md", f"see {self.root.parent}/elsewhere/x\n")), 1 if len(self.root.parent.parts) > 1 else 0)

    def test_a_registry(self):
        self.assertEqual(len(self.content("b.md", "https://regis" "try.example.org/x\n")), 1)

    def test_unfinished_work(self):
        self.assertEqual(len(self.content("src/base/c.cpp", "// TO" "DO later\n")), 1)

    def test_wide_lines(self):
        wide = "x" * 119
        frame = '{"topic":"' + wide
        cases = {f"int a; // {wide}": [1], f'auto a = "{wide}";': [1], "a" * 118: [], f'auto a = R"({frame})";': [],
                 f'auto a = R"({frame}\n{frame}\n)";\nint {wide};': [4], f"// {frame}": [], f"//  {frame}": [],
                 f"/// as in {frame}": [1]}
        for text, expected in cases.items():
            self.assertEqual([number for number, _ in check_tree.wide_lines(text.splitlines())], expected, text)

    def test_the_one_escape(self):
        self.assertEqual(self.content("a.md", "/ho" "me/somebody tree-ok: an example\n"), [])

    def test_a_lock_file_that_names_its_source(self):
        self.write("package-lock.json", '{"packages": {"node_modules/x": {"resolved": "https://example.com/x.tgz"}}}')
        self.assertEqual(len(list(check_tree.lock_problems(self.root, check_tree.tracked(self.root)))), 1)

    def test_a_record_outside_the_index_and_without_its_parts(self):
        self.write("docs/adr/README.md", "[0002](0002-gone.md)\n")
        self.write("docs/adr/0001-here.md", "## Context\n")
        self.assertEqual(len(list(check_tree.adr_problems(self.root))), 5)

    def test_a_fuzz_target_without_examples(self):
        self.write("src/net/bybit/x_fuzz.cpp", "")
        problems = list(check_tree.corpus_problems(self.root, check_tree.tracked(self.root)))
        self.assertEqual(problems, ["src/net/bybit/x_fuzz.cpp: tests/corpus/bybit_x holds no example"])
        self.write("tests/corpus/bybit_x/one", "1")
        self.assertEqual(list(check_tree.corpus_problems(self.root, check_tree.tracked(self.root))), [])


class Counts(unittest.TestCase):
    def test_closing_lines(self):
        for line, counts in {
            "100% tests passed, 0 tests failed out of 18": (18, 0, 0),
            "94% tests passed, 1 tests failed out of 18": (17, 1, 0),
            "Tests  163 passed (163)": (163, 0, 0),
            "Tests  1 failed | 41 passed | 2 skipped (44)": (41, 1, 2),
            "# pass 12": (12, 0, 0),
            "# fail 3": (0, 3, 0),
            "\u2139 pass 12": (12, 0, 0),
            "\u2139 skipped 2": (0, 0, 2),
            "fuzz targets: 4 passed, 1 failed": (4, 1, 0),
            "Test Files  10 passed (10)": None,
            "it said 100% tests passed, 0 tests failed out of 18": None,
        }.items():
            self.assertEqual(count_tests.counts_of(line), counts, line)

    def run_on(self, text, *arguments):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write(text)
            log.flush()
            run = subprocess.run([sys.executable, str(TOOLS / "count_tests.py"), *arguments, log.name], capture_output=True, text=True)
        return run.returncode, run.stdout.strip()

    def test_a_broken_stage_is_a_failure(self):
        log = "100% tests passed, 0 tests failed out of 18\n"
        self.assertEqual(self.run_on(log), (0, "18 passed, 0 failed"))
        self.assertEqual(self.run_on(log, "--broken", "1"), (1, "18 passed, 1 failed"))

    def test_no_test_is_a_failure(self):
        self.assertEqual(self.run_on("nothing ran\n"), (1, "0 passed, 0 failed"))

    def test_colours_do_not_hide_a_line(self):
        self.assertEqual(self.run_on("\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m7 passed\x1b[39m\x1b[22m\x1b[90m (7)\x1b[39m\n"),
                         (0, "7 passed, 0 failed"))


if __name__ == "__main__":
    unittest.main()
