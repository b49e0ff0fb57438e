#include "app/trading_options.hpp"

#include "app/config_flags.hpp"

namespace vt::app {

void add_trading_commands(CLI::App& app, TradingOptions& given, std::function<Exit()>& chosen) {
    using Command = Exit (*)(const TradingOptions&);
    const auto add = [&](CLI::App& to, const char* name, const char* meaning, Command command) {
        CLI::App* sub = to.add_subcommand(name, meaning);
        add_config_flags(*sub, given.config);
        sub->add_flag("--json", given.as_json, "The answer as JSON");
        sub->callback([&, sub, command] {
            if (sub->get_subcommands().empty()) chosen = [&given, command] { return command(given); };
        });
        return sub;
    };
    add(app, "positions",
        "What the running program has open, with stop, result and liquidation price\n\n"
        "Examples:\n  virtuoso positions\n  virtuoso positions --json",
        positions);
    CLI::App* orders_of_it =
        add(app, "orders",
            "Its orders: of what is open, and every one of which nobody knows what became of it\n\n"
            "Examples:\n  virtuoso orders\n  virtuoso orders --json\n  virtuoso orders cancel v12-345",
            orders);
    add(*orders_of_it, "cancel",
        "Takes an entry or a target back, with VIRTUOSO_TOKEN; a stop stays as long as its position",
        orders_cancel)
        ->add_option("order", given.order, "Its id, as `virtuoso orders` shows it")
        ->required();
    CLI::App* kill = app.add_subcommand("kill-switch",
                                        "Stops trading, and lets it go on\n\n"
                                        "Examples:\n  virtuoso kill-switch on --reason 'the venue is odd'\n"
                                        "  virtuoso kill-switch on --flatten\n  virtuoso kill-switch status");
    kill->require_subcommand(1);
    CLI::App* on = add(*kill, "on",
                       "No new positions, entries are cancelled. Needs no login: without VIRTUOSO_TOKEN it writes "
                       "the kill file (trading.kill_file)",
                       kill_switch_on);
    on->add_flag("--flatten", given.flatten, "Closes every position at the market, too");
    on->add_option("--reason", given.reason, "In words, for the record");
    add(*kill, "off", "Trading goes on: removes the kill file and releases it, with VIRTUOSO_TOKEN", kill_switch_off)
        ->add_option("--reason", given.reason, "Why it may go on; has to be given")
        ->required();
    add(*kill, "status", "Whether it is on", kill_switch_status);
    CLI::App* paper = app.add_subcommand("paper",
                                         "The account of paper trading\n\n"
                                         "Examples:\n  virtuoso paper reset --yes");
    paper->require_subcommand(1);
    add(*paper, "reset",
        "Begins the live market's account anew, where no program runs: what is open is abandoned, the journal and a "
        "kill switch stay",
        paper_reset)
        ->add_flag("--yes", given.is_confirmed, "Does it; without, it says what it would do");
}

}  // namespace vt::app
