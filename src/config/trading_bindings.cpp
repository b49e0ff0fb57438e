#include "config/binding.hpp"

namespace vt::config {

std::vector<Binding> trading_bindings() {
    return {
        text(
            {"trading.mode", "", "off, or paper: signals are traded with a simulated account"},
            [](Config& c) -> std::string& { return c.trading.mode; },
            [](const std::string& given) { return given == "off" || given == "paper"; }, "off or paper"),
        text_list({"trading.strategies", "", "whose signals are traded"},
                  [](Config& c) -> Texts& { return c.trading.strategies; }),
        real_number(
            {"trading.entry_slippage_max_bps", "",
             "an entry pays no more than this beyond what its signal expected; the rest is not entered"},
            [](Config& c) -> double& { return c.trading.entry_slippage_max_bps; }, 0, 1000),
        whole_number(
            {"trading.enter_within_seconds", "", "an entry that is not filled by then is cancelled"},
            [](Config& c) -> std::uint32_t& { return c.trading.enter_within_seconds; }, 1, 3600),
        real_number(
            {"trading.trailing_stop_share", "",
             "how far a trailing stop stays behind the best price, in the stop's first distance; 0: none"},
            [](Config& c) -> double& { return c.trading.trailing_stop_share; }, 0, 10),
        text(
            {"trading.kill_file", "",
             "a file that turns the kill switch on by being there; empty: KILL in the user's data folder"},
            [](Config& c) -> std::string& { return c.trading.kill_file; }, [](const std::string&) { return true; },
            "a path"),
    };
}

}  // namespace vt::config
