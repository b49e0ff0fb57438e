#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/running_program.hpp"
#include "app/signal_figures.hpp"
#include "base/percent_encoding.hpp"
#include "report/html_page.hpp"

#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace vt::app {
namespace {

using simdjson::dom::element;

void add_levels(report::HtmlPage& page, element signal) {
    const int digits = digits_of(*figure_of(signal["entry"]));
    report::Table table{.head = {"Level", "Price", "Reached"}, .rows = {}};
    const auto price = [&](const Value& value) { return report::number_text(figure_of(value), digits); };
    table.rows.push_back({"Entry", price(signal["entry"]), report::time_text(*instant_of(signal["entered_at"]))});
    table.rows.push_back({"Stop", price(signal["stop"]), ""});
    table.rows.push_back({"Stop now", price(signal["stop_now"]), ""});
    int number = 0;
    for (const element target : signal["targets"].get_array()) {
        const auto hit = instant_of(target["hit_at"]);
        table.rows.push_back({"Target " + std::to_string(++number), price(target["price"]),
                              hit ? report::time_text(*hit) : "not reached"});
    }
    page.heading("Levels").table(table);
    page.paragraph("Suggested size " + report::percent_text(figure_of(signal["size"])) +
                   " of the equity. Costs: " + report::number_text(figure_of(signal["costs"]["fee_bps"]), 2) +
                   " bps a fill, " + report::number_text(figure_of(signal["costs"]["entry_bps"]), 2) +
                   " bps to enter and " + report::number_text(figure_of(signal["costs"]["exit_bps"]), 2) +
                   " bps to leave at the market. Expires " + report::time_text(*instant_of(signal["expiry_at"])) +
                   ".");
}

void add_outcome(report::HtmlPage& page, element outcome) {
    const bool is_over = instant_of(outcome["ended_at"]).has_value();
    page.heading("What became of it");
    page.paragraph(is_over ? "First barrier: " + text_of(outcome["first_barrier"]) + "; ended " +
                                 report::time_text(*instant_of(outcome["ended_at"])) + ". Net " +
                                 report::number_text(figure_of(outcome["net_bps"]), 1) + " bps, " +
                                 report::number_text(figure_of(outcome["net_r"]), 2) +
                                 " times what was risked, after fees, slippage and funding."
                           : "It is open, or nobody saw its end.");
    report::Table table{.head = {"After", "Gross bps", "Net bps", "Best", "Worst"}, .rows = {}};
    for (const char* horizon : {"15m", "1h", "4h", "24h"}) {
        const auto figure = [&](const char* member) {
            return report::number_text(figure_of(outcome["horizons"][horizon][member]), 1);
        };
        table.rows.push_back({horizon, figure("gross_bps"), figure("net_bps"), figure("mfe_bps"), figure("mae_bps")});
    }
    page.table(table);
    if (bool(outcome["has_gap"]))
        page.paragraph("Part of the path was not seen, and could not be had later: the result is not counted.");
}

void add_candles(report::HtmlPage& page, element signal, element candles) {
    const Timestamp confirmed = *instant_of(signal["confirmed_at"]);
    const auto bars = bars_between(candles, confirmed - std::chrono::hours{2}, confirmed + std::chrono::hours{26});
    if (bars.empty()) {
        page.paragraph("The program has no candles of that time any more.");
        return;
    }
    std::vector<report::PriceLine> lines{{"entry", *figure_of(signal["entry"]), true},
                                         {"stop", *figure_of(signal["stop"]), false}};
    int number = 0;
    for (const element target : signal["targets"].get_array())
        lines.push_back({"target " + std::to_string(++number), double(target["price"]), false});
    std::vector<report::TimeMark> marks{{"raised", confirmed}};
    if (const auto ended = instant_of(signal["outcome"]["ended_at"])) marks.push_back({"ended", *ended});
    page.candles("Candles of five minutes with the signal's levels", bars, lines, marks,
                 digits_of(*figure_of(signal["entry"])));
}

std::string page_of(element history, const Result<std::string>& record, const Result<std::string>& candles) {
    const element signal = history["signal"];
    report::HtmlPage page(text_of(signal["symbol"]) + " " + text_of(signal["direction"]) + ", " +
                          report::time_text(*instant_of(signal["confirmed_at"])));
    std::string head = "Score " + report::number_text(figure_of(signal["score"]), 2) + ", coverage " +
                       report::percent_text(figure_of(signal["coverage"])) + ", " + text_of(history["state"]);
    if (const std::string gate = text_of(signal["suppressed_by"]); gate != "-")
        head += ", held back by the gate " + gate;
    page.paragraph(head + ". Signal " + text_of(history["id"]) + ".");
    simdjson::dom::parser parser;
    const bool has_levels = signal["outcome"].is_object();
    if (has_levels && candles) add_candles(page, signal, parser.parse(*candles));
    if (!candles) page.paragraph("No candles: " + candles.error().what);
    if (has_levels) add_levels(page, signal);
    if (has_levels) add_outcome(page, signal["outcome"]);
    if (record) {
        page.heading("Why");
        add_waterfall(page, parser.parse(*record));
    } else {
        page.paragraph("Without what made its score: " + record.error().what);
    }
    report::Table entries{.head = {"Entry", "Number", "At", "SHA-256"}, .rows = {}};
    for (const element entry : history["entries"].get_array()) {
        entries.rows.push_back({text_of(entry["entry"]), report::number_text(figure_of(entry["number"]), 0),
                                report::time_text(*instant_of(entry["at"])), text_of(entry["hash"])});
    }
    page.heading("The ledger").table(entries);
    return page.take();
}

}  // namespace

Exit signals_report(const SignalsOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto body = ask_running_program(*loaded, "/api/signals/" + percent_encoded(options.id));
    if (!body) return report(body.error());
    std::string text;
    try {
        simdjson::dom::parser parser;
        const element history = parser.parse(*body);
        const std::string instrument = text_of(history["signal"]["instrument"]);
        const std::string symbol = "/api/symbols/" + percent_encoded(instrument);
        const auto at = instant_of(history["signal"]["confirmed_at"]);
        // Each of the two may be gone by now; the page says so.
        const auto record = ask_running_program(*loaded, symbol + "/scores/" + std::to_string(to_ms(at.value())));
        const auto candles = ask_running_program(*loaded, symbol + "/candles?tf=5m");
        text = page_of(history, record, candles);
    } catch (const simdjson::simdjson_error& error) {
        return report(unknown_form(error));
    }
    if (const auto put = put_page(options.file, text); !put) return report(put.error());
    std::printf("%s\n", options.file.c_str());
    return Exit::ok;
}

}  // namespace vt::app
