#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/record_places.hpp"
#include "app/running_program.hpp"
#include "base/json_writer.hpp"
#include "net/loop.hpp"
#include "runtime/kept_trading.hpp"
#include "trading/order.hpp"

#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

namespace vt::app {
namespace {

using simdjson::dom::element;

/// The program looks for its file four times a second.
constexpr std::chrono::seconds kSeenWithin{3};
constexpr std::chrono::milliseconds kAskAgain{100};

/// Prints an answer as it is, or has it printed. Where trading is not on, that is what is said.
template <class Print>
Exit show_trading(const Result<std::string>& body, bool as_json, Print print) {
    if (!body) return report(body.error());
    if (as_json) {
        std::printf("%s\n", body->c_str());
        return Exit::ok;
    }
    try {
        simdjson::dom::parser parser;
        const element document = parser.parse(*body);
        if (text_of(document["trading"]["state"]) != "on")
            std::printf("Trading is %s: %s\n", text_of(document["trading"]["state"]).c_str(),
                        text_of(document["trading"]["reason"]).c_str());
        else
            print(document);
    } catch (const simdjson::simdjson_error& error) {
        return report(unknown_form(error));
    }
    return Exit::ok;
}

/// "1234.50 USDT, 0.1235 of the equity, coverage 0.98".
std::string shortfall_words(element shortfall, const std::string& currency) {
    if (shortfall.is_null()) return "not known, too little of a market's past is known";
    return number_of(shortfall["amount"], 2) + " " + currency + ", " + number_of(shortfall["share"], 4) +
           " of the equity, coverage " + number_of(shortfall["coverage"], 2);
}

void print_shortfall(element document) {
    const std::string currency = text_of(document["currency"]);
    const element both = document["expected_shortfall"];
    std::printf("Expected shortfall of a day (97.5 %%): %s\n", shortfall_words(both["open"], currency).c_str());
    std::printf("  with all orders filled, gains uncounted: %s\n", shortfall_words(both["worst"], currency).c_str());
}

void print_positions(element document) {
    if (document["positions"].get_array().size() == 0) std::printf("Nothing is open.\n");
    bool is_first = true;
    for (const element one : document["positions"].get_array()) {
        if (std::exchange(is_first, false))
            std::printf("%6s  %-14s %-5s %-9s %12s %12s %12s %12s %-4s %10s %7s %12s\n", "number", "symbol", "",
                        "state", "open", "entry", "mark", "stop", "", "unrealised", "R", "liquidated");
        bool is_set = false;
        const bool is_protected = one["is_protected"].get(is_set) == simdjson::SUCCESS && is_set;
        std::printf("%6s  %-14s %-5s %-9s %12s %12s %12s %12s %-4s %10s %7s %12s\n",
                    number_of(one["number"], 0).c_str(), text_of(one["symbol"]).c_str(),
                    text_of(one["direction"]).c_str(), text_of(one["state"]).c_str(),
                    price_of(one["open_quantity"]).c_str(), price_of(one["entry_price"]).c_str(),
                    price_of(one["mark_price"]).c_str(), price_of(one["stop_price"]).c_str(),
                    is_protected ? "set" : "-", signed_of(one["unrealised"], 2).c_str(),
                    signed_of(one["open_r_multiple"], 2).c_str(), price_of(one["liquidation_price"]).c_str());
    }
    for (const element one : document["external"].get_array())
        std::printf("The venue has %s of %s, which no trade explains.\n", price_of(one["quantity"]).c_str(),
                    text_of(one["symbol"]).c_str());
    print_shortfall(document);
}

void print_orders(element document) {
    if (document["orders"].get_array().size() == 0) std::printf("There are none.\n");
    for (const element one : document["orders"].get_array())
        std::printf("%-10s %-14s %-10s %-5s %-12s %12s of %-12s %12s %12s  %s\n", text_of(one["order"]).c_str(),
                    text_of(one["symbol"]).c_str(), text_of(one["purpose"]).c_str(), text_of(one["side"]).c_str(),
                    text_of(one["kind"]).c_str(), price_of(one["filled_quantity"]).c_str(),
                    price_of(one["quantity"]).c_str(), price_of(one["price"]).c_str(),
                    price_of(one["trigger_price"]).c_str(), text_of(one["state"]).c_str());
}

/// `mode` of the running program, which whoever may see the market may see.
struct SeenMode {
    std::string trading;
    std::optional<bool> kill_switch;
    std::string text;  ///< as the program wrote it
};

Result<SeenMode> seen_mode(const config::Loaded& loaded) {
    VT_TRY(const std::string body, ask_running_program(loaded, "/api/dashboard/market-overview"));
    SeenMode seen;
    simdjson::dom::parser parser;
    element mode;
    if (parser.parse(body)["mode"].get(mode) != simdjson::SUCCESS)
        return fail(Errc::malformed, "the running program's answer has no `mode`");
    bool is_on = false;
    if (mode["kill_switch"].get(is_on) == simdjson::SUCCESS) seen.kill_switch = is_on;
    seen.trading = text_of(mode["trading"]);
    seen.text = simdjson::minify(mode);
    return seen;
}

Exit tell(const SeenMode& seen, bool as_json) {
    if (as_json) {
        std::printf("%s\n", seen.text.c_str());
    } else if (seen.trading == "off") {
        std::printf("Nothing is traded. `virtuoso run --trade paper` trades with a simulated account.\n");
    } else if (!seen.kill_switch) {
        std::printf("Trading has not begun yet, so it is not known.\n");
    } else {
        std::printf(*seen.kill_switch ? "The kill switch is on: nothing is entered.\n"
                                      : "The kill switch is off: signals are traded.\n");
    }
    return Exit::ok;
}

std::string switch_document(bool is_on, const TradingOptions& options) {
    JsonWriter out;
    out.begin_object().field("on", is_on);
    if (options.flatten) out.field("flatten", true);
    if (!options.reason.empty()) out.field("reason", options.reason);
    out.end_object();
    return out.take();
}

/// Puts the file into its place, and waits until the program has seen it.
Exit press_by_file(const config::Loaded& loaded, const TradingOptions& options) {
    const std::filesystem::path path = kill_file(loaded.config);
    if (path.empty())
        return report(Error{Errc::configuration, "no folder for the kill file: set trading.kill_file, or HOME"});
    std::error_code unknown;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), unknown);
    std::ofstream file(path, std::ios::trunc);
    file << (options.flatten ? "flatten " : "") << options.reason << "\n";
    file.close();
    if (!file)
        return report(Error{Errc::io, "the kill file " + path.string() +
                                          " cannot be written: name another one that "
                                          "the running program watches (trading.kill_file)"});
    if (!options.as_json) std::printf("%s is written; `virtuoso kill-switch off` removes it.\n", path.c_str());
    const auto end = std::chrono::steady_clock::now() + kSeenWithin;
    for (;;) {
        const auto seen = seen_mode(loaded);
        const bool is_settled = seen && (seen->trading == "off" || seen->kill_switch == true);
        if (is_settled) return tell(*seen, options.as_json);
        if (std::chrono::steady_clock::now() >= end) {
            const std::string why =
                seen ? "the running program does not say so yet; is it the one that watches it?" : seen.error().what;
            return report(Error{Errc::unavailable,
                                "the kill file is in its place, and whether it was seen is not "
                                "known: " +
                                    why});
        }
        std::this_thread::sleep_for(kAskAgain);
    }
}

}  // namespace

Exit positions(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    return show_trading(ask_running_program(*loaded, "/api/positions"), options.as_json, print_positions);
}

Exit orders(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    return show_trading(ask_running_program(*loaded, "/api/orders"), options.as_json, print_orders);
}

Exit orders_cancel(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto order = trading::parse_client_order_id(options.order);
    if (!order) {
        std::fprintf(stderr, "virtuoso: \"%s\" is no id of an order, like v12-345: `virtuoso orders` shows them\n",
                     options.order.c_str());
        return Exit::usage;
    }
    const auto answer = delete_at_running_program(*loaded, "/api/orders/" + to_string(*order));
    if (!answer) return report(answer.error());
    std::printf("%s\n", options.as_json ? answer->c_str() : "The venue is asked to cancel it.");
    return Exit::ok;
}

Exit kill_switch_status(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto seen = seen_mode(*loaded);
    return seen ? tell(*seen, options.as_json) : report(seen.error());
}

Exit kill_switch_on(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto answer = put_to_running_program(*loaded, "/api/trading/kill-switch", switch_document(true, options));
    if (!answer) return press_by_file(*loaded, options);  // whatever the API does, and without a login
    std::printf("%s\n", options.as_json ? answer->c_str() : "The kill switch is on: nothing is entered.");
    return Exit::ok;
}

Exit kill_switch_off(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    // asked first: to somebody whom nobody knows the file is not touched
    if (const auto allowed = ask_running_program(*loaded, "/api/risk", login::Scope::trade); !allowed)
        return report(allowed.error());
    std::error_code failed;
    const std::string path = kill_file(loaded->config);
    const std::string aside = path + ".released";
    const bool has_file = !path.empty() && std::filesystem::exists(std::filesystem::symlink_status(path, failed));
    failed.clear();
    if (has_file) std::filesystem::rename(path, aside, failed);
    if (failed) return report(Error{Errc::io, "the kill file " + path + " cannot be removed: " + failed.message()});
    const auto answer = put_to_running_program(*loaded, "/api/trading/kill-switch", switch_document(false, options));
    if (!answer) {  // whoever may not release leaves everything that holds it on
        if (has_file) std::filesystem::rename(aside, path, failed);
        return report(answer.error());
    }
    if (has_file) std::filesystem::remove(aside, failed);
    std::printf("%s\n", options.as_json ? answer->c_str() : "The kill switch is off: signals are traded.");
    return Exit::ok;
}

Exit paper_reset(const TradingOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    if (ask_running_program(*loaded, "/health/live"))
        return report(Error{Errc::refused, "a program runs at port " + std::to_string(loaded->config.server.port) +
                                               " and would go on with the old account: stop it first"});
    if (!options.is_confirmed) {
        std::fprintf(stderr,
                     "virtuoso: this forgets what the live market's paper account holds and has open; the journal "
                     "and a kill switch stay. Say --yes to do it, while no program runs on this database.\n");
        return Exit::usage;
    }
    auto repository = open_records_to_read(options.config);
    if (!repository) return report(repository.error());
    if (const auto reset = runtime::reset_paper_account(repository->database(), net::wall_now()); !reset)
        return report(reset.error());
    std::printf(options.as_json ? "{\"reset\":true}\n"
                                : "The next `virtuoso run --trade paper` begins with a new account.\n");
    return Exit::ok;
}

}  // namespace vt::app
