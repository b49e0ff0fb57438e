#pragma once

#include "demo/recording.hpp"
#include "sim/symbol.hpp"

#include <cstddef>
#include <vector>

namespace vt::demo {

/// The two symbols that are played from the recording, as they are served; the first one is the factor of the others.
[[nodiscard]] std::vector<sim::SymbolParams> recorded_symbols();
/// How the bundled recording's symbols are served.
[[nodiscard]] std::vector<RecordedAs> recorded_as();
/// The symbols of the generator: real names with tick sizes, prices and turnovers of their kind, and invented betas.
/// docs/venues/demo.md lists which of them carry a planted truth.
[[nodiscard]] std::vector<sim::SymbolParams> generated_symbols();
/// `count` of them: fewer, or more, made by repeating those without a planted truth under invented names
/// ("DEMO033USDT"), for measuring larger markets.
[[nodiscard]] std::vector<sim::SymbolParams> generated_symbols(std::size_t count);

}  // namespace vt::demo
