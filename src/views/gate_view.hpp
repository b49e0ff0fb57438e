#pragma once

#include "signals/gates.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vt::views {

/// The gate between a score and a signal that stops it, in words.
struct GateView {
    std::string_view name;
    std::optional<double> value;      ///< to three digits, so that a quiet row stays quiet
    std::optional<double> threshold;  ///< absent only where nothing is known to judge by
    std::string_view unit;
    bool is_known = false;  ///< false: it does not fail, but what it asks for is not known
    std::string text;       ///< "62 % of the evidence is alive, 80 % is needed"
    std::string remedy;     ///< what to do about it, or what to wait for
};

/// The first gate that fails; where none does, the first whose input is not known; absent where all are passed.
///   in: in their order, as of signals::gates
[[nodiscard]] std::optional<GateView> stopping_gate(const std::vector<signals::Gate>& gates);

}  // namespace vt::views
