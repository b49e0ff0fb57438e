#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/running_program.hpp"
#include "app/signal_figures.hpp"
#include "base/percent_encoding.hpp"
#include "net/loop.hpp"
#include "report/html_page.hpp"

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The signals of one day as a page: every symbol's candles with them, what made each, and what became of it.
namespace vt::app {
namespace {

using simdjson::dom::element;

constexpr Nanos kDay = std::chrono::hours{24};

/// A signal of the day, with the document that it stands in.
struct DaySignal {
    Timestamp at;
    std::string id, instrument, symbol, direction, held_by;
    std::string fate;  ///< "stop", "open", "held back: spread"
    std::optional<double> score, entry, stop, net_r;
    std::optional<Timestamp> ended_at;
    bool has_gap = false;
};

DaySignal day_signal_of(element signal) {
    DaySignal one{.at = *instant_of(signal["confirmed_at"]),
                  .id = text_of(signal["id"]),
                  .instrument = text_of(signal["instrument"]),
                  .symbol = text_of(signal["symbol"]),
                  .direction = text_of(signal["direction"]),
                  .held_by = text_of(signal["suppressed_by"], ""),
                  .fate = fate_of(signal),
                  .score = figure_of(signal["score"]),
                  .entry = figure_of(signal["entry"]),
                  .stop = figure_of(signal["stop"])};
    element outcome;
    if (signal["outcome"].get(outcome) != simdjson::SUCCESS || !outcome.is_object()) return one;
    one.net_r = figure_of(outcome["net_r"]);
    one.ended_at = instant_of(outcome["ended_at"]);
    one.has_gap = bool(outcome["has_gap"]);
    return one;
}

/// The day's signals, oldest first. The ledger is read from its end to where entries are older than the day: what a
/// signal of the day says last cannot be older.
Result<std::vector<DaySignal>> signals_of_day(const config::Loaded& loaded, Timestamp day, std::string& market) {
    std::vector<DaySignal> found;
    std::string cursor;
    bool is_before = false;
    do {
        VT_TRY(const std::string body,
               ask_running_program(loaded, "/api/signals?limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor)));
        simdjson::dom::parser parser;
        const element page = parser.parse(body);
        market = text_of(page["market"]);
        for (const element entry : page["signals"].get_array()) {
            is_before = *instant_of(entry["at"]) < day;
            if (is_before) break;
            const Timestamp confirmed = *instant_of(entry["signal"]["confirmed_at"]);
            if (confirmed >= day && confirmed < day + kDay) found.push_back(day_signal_of(entry["signal"]));
        }
        cursor = text_of(page["cursor"], "");
    } while (!cursor.empty() && !is_before);
    std::sort(found.begin(), found.end(), [](const DaySignal& a, const DaySignal& b) {
        return std::pair(a.at, a.instrument) < std::pair(b.at, b.instrument);
    });
    return found;
}

std::string clock_text(Timestamp at) { return report::time_text(at).substr(11, 5); }

void add_summary(report::HtmlPage& page, const std::vector<DaySignal>& all) {
    std::map<std::string, int> fates, held_by;
    int raised = 0, longs = 0;
    double sum_r = 0;
    std::size_t counted = 0;
    for (const DaySignal& one : all) {
        if (!one.held_by.empty()) {
            ++held_by[one.held_by];
            continue;
        }
        ++raised;
        longs += one.direction == "long";
        ++fates[one.fate];
        if (!one.net_r || one.has_gap) continue;
        sum_r += *one.net_r;
        ++counted;
    }
    std::string text = std::to_string(raised) + " raised (" + std::to_string(longs) + " long, " +
                       std::to_string(raised - longs) + " short)";
    for (const auto& [fate, count] : fates) text += "; " + fate + " " + std::to_string(count);
    page.paragraph(text + ".");
    page.paragraph(counted == 0 ? "None of them has ended with a result that counts."
                                : std::to_string(counted) + " ended with a result: " + report::number_text(sum_r, 2) +
                                      " R in all, " + report::number_text(sum_r / static_cast<double>(counted), 2) +
                                      " R in the mean, after fees, slippage and funding.");
    if (held_by.empty()) return;
    report::Table gates{.head = {"Gate that held back", "Signals"}, .rows = {}};
    for (const auto& [gate, count] : held_by) gates.rows.push_back({gate, std::to_string(count)});
    page.table(gates);
}

void add_list(report::HtmlPage& page, const std::vector<DaySignal>& all) {
    report::Table table{
        .head = {"Symbol", "UTC", "Side", "Score", "Entry", "Stop", "What became of it", "Net R", "Id"}, .rows = {}};
    for (const DaySignal& one : all) {
        const int digits = one.entry ? digits_of(*one.entry) : 0;
        table.rows.push_back({one.symbol, clock_text(one.at), one.direction, report::number_text(one.score, 1),
                              report::number_text(one.entry, digits), report::number_text(one.stop, digits),
                              one.fate + (one.has_gap ? ", part not seen" : ""), report::number_text(one.net_r, 2),
                              one.id});
    }
    page.heading("All of the day").table(table);
}

/// The finest candles that the program still has of the day's beginning, else the coarsest that it has of the day.
void add_day_candles(report::HtmlPage& page, const config::Loaded& loaded, const std::vector<DaySignal>& of_symbol,
                     Timestamp day) {
    std::vector<report::PriceBar> bars;
    std::string shown;
    simdjson::dom::parser parser;
    for (const char* frame : {"5m", "30m", "4h"}) {
        const auto body = ask_running_program(
            loaded, "/api/symbols/" + percent_encoded(of_symbol.front().instrument) + "/candles?tf=" + frame);
        if (!body) {
            page.paragraph("No candles: " + body.error().what);
            return;
        }
        auto found = bars_between(parser.parse(*body), day, day + kDay - Nanos{1});
        if (!found.empty() && (bars.empty() || found.front().at < bars.front().at)) {
            bars = std::move(found);
            shown = frame;
        }
        if (!bars.empty() && bars.front().at < day + std::chrono::minutes{5}) break;
    }
    if (bars.empty()) {
        page.paragraph("The program has no candles of that day any more.");
        return;
    }
    std::vector<report::TimeMark> marks;
    for (const DaySignal& one : of_symbol) {
        if (one.held_by.empty()) marks.push_back({one.direction, one.at});
        if (one.held_by.empty() && one.ended_at) marks.push_back({"ended", *one.ended_at});
    }
    page.candles("Candles of " + shown + " with the signals that were raised", bars, {}, marks,
                 digits_of(bars.back().close));
}

void add_day_signal(report::HtmlPage& page, const config::Loaded& loaded, const DaySignal& one) {
    std::string text =
        clock_text(one.at) + " " + one.direction + ", score " + report::number_text(one.score, 2) + ": " + one.fate;
    if (one.net_r) text += ", " + report::number_text(one.net_r, 2) + " R";
    page.paragraph(text + ". Signal " + one.id + ".");
    const auto record = ask_running_program(
        loaded, "/api/symbols/" + percent_encoded(one.instrument) + "/scores/" + std::to_string(to_ms(one.at)));
    if (!record) {
        page.paragraph("Without what made its score: " + record.error().what);
        return;
    }
    simdjson::dom::parser parser;
    add_waterfall(page, parser.parse(*record));
}

Result<std::string> day_page(const config::Loaded& loaded, const std::string& name, Timestamp day) {
    std::string market;
    VT_TRY(const std::vector<DaySignal> all, signals_of_day(loaded, day, market));
    report::HtmlPage page("Signals of " + name + ", " + market + " market");
    const Timestamp now = net::wall_now();
    if (now < day + kDay) page.paragraph("The day (UTC) is not over: as of " + report::time_text(now) + ".");
    if (all.empty()) {
        page.paragraph("No signal was raised on this day, and no gate held one back.");
        return page.take();
    }
    add_summary(page, all);
    add_list(page, all);
    std::map<std::string, std::vector<DaySignal>> by_symbol;
    for (const DaySignal& one : all) by_symbol[one.symbol].push_back(one);
    for (const auto& [symbol, of_symbol] : by_symbol) {
        page.heading(symbol);
        add_day_candles(page, loaded, of_symbol, day);
        for (const DaySignal& one : of_symbol) add_day_signal(page, loaded, one);
    }
    return page.take();
}

/// "2026-11-30". out: its first instant, UTC
std::optional<Timestamp> day_of(const std::string& text) {
    int year = 0, end = 0;
    unsigned month = 0, day = 0;
    const bool is_read = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &end) == 3 &&
                         static_cast<std::size_t>(end) == text.size() && text.size() == 10;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!is_read || !date.ok()) return std::nullopt;
    return Timestamp{std::chrono::sys_days{date}.time_since_epoch()};
}

}  // namespace

Exit signals_day_report(const SignalsOptions& options) {
    const auto day = day_of(options.day);
    if (!day) {
        std::fprintf(stderr, "virtuoso: --day %s is no day: write it as 2026-11-30 (UTC)\n", options.day.c_str());
        return Exit::usage;
    }
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    try {
        const auto text = day_page(*loaded, options.day, *day);
        if (!text) return report(text.error());
        if (const auto put = put_page(options.file, *text); !put) return report(put.error());
    } catch (const simdjson::simdjson_error& error) {
        return report(unknown_form(error));
    }
    std::printf("%s\n", options.file.c_str());
    return Exit::ok;
}

}  // namespace vt::app
