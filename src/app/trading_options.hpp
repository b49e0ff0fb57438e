#pragma once

#include "app/commands.hpp"

#include <CLI/CLI.hpp>

#include <functional>

namespace vt::app {

/// `virtuoso positions`, `orders`, `kill-switch` and `paper`: their flags, and what is to be done once they are read.
///   in: given and chosen: outlive the app
void add_trading_commands(CLI::App& app, TradingOptions& given, std::function<Exit()>& chosen);

}  // namespace vt::app
