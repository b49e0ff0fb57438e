#pragma once

// Compares our reading of a payload with ccxt's. Tests only.

#include "base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace vt::exchange {

/// A payload and what stands beside it.
struct CcxtCase {
    std::string venue, category, kind, source, symbol, tick, lot, base, quote, settle, body;
};

/// What we read of one row, under ccxt's names ("limits.amount.min" is a member of a member). `of`: the name of the
/// row in ccxt's answer where that is no list.
struct OurRow {
    std::string of;
    std::map<std::string, std::optional<double>> numbers;
    std::map<std::string, std::optional<std::string>> texts;
};

/// Our reading, in the payload's order.
[[nodiscard]] Result<std::vector<OurRow>> our_rows(const CcxtCase& payload);

/// The two values of a number that differs; both absent for texts.
struct TwoNumbers {
    std::optional<double> ours, theirs;
};
/// Why a field differs on purpose, if it differs just so; empty: no reason is known.
[[nodiscard]] std::string_view reason_for(const CcxtCase& payload, std::string_view field, TwoNumbers numbers);

class Agreement {
public:
    /// Reads one case and compares what it says.
    void judge(const std::string& case_line);
    [[nodiscard]] const std::vector<std::string>& unexplained() const { return unexplained_; }
    [[nodiscard]] std::size_t compared() const;
    /// For each kind and field: compared, equal, explained and why.
    [[nodiscard]] std::string table() const;

private:
    struct Count {
        std::size_t compared = 0;
        std::size_t explained = 0;
        std::string why;
    };
    struct Finding {
        bool is_equal = true;
        TwoNumbers numbers;
        std::string what;
    };
    void note(const CcxtCase& payload, const std::string& field, const Finding& finding);

    std::map<std::tuple<std::string, std::string, std::string>, Count> counts_;
    std::vector<std::string> unexplained_;
};

}  // namespace vt::exchange
