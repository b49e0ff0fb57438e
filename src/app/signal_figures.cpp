#include "app/signal_figures.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>

extern char** environ;

namespace vt::app {
namespace {

using simdjson::dom::element;

/// "trade_imbalance" as people read it.
std::string spaced(std::string name) {
    for (char& letter : name)
        if (letter == '_') letter = ' ';
    return name;
}

Result<void> write_page(const std::string& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) return fail(Errc::io, "cannot write " + file + ": " + std::strerror(errno));
    return {};
}

/// Has a Chromium of this machine print the page.
Result<void> print_pdf(const std::string& page_file, const std::string& pdf_file) {
    for (const char* browser : {"chromium", "chromium-browser", "google-chrome"}) {
        std::vector<std::string> arguments{browser, "--headless", "--disable-gpu", "--no-pdf-header-footer",
                                           "--print-to-pdf=" + pdf_file};
        if (::geteuid() == 0) arguments.emplace_back("--no-sandbox");  // it refuses root otherwise
        arguments.push_back(page_file);
        std::vector<char*> pointers;
        for (std::string& argument : arguments) pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        posix_spawn_file_actions_t quiet;
        posix_spawn_file_actions_init(&quiet);
        posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        pid_t child = 0;
        const int problem = ::posix_spawnp(&child, browser, &quiet, nullptr, pointers.data(), environ);
        posix_spawn_file_actions_destroy(&quiet);
        if (problem == ENOENT) continue;
        int status = 0;
        if (problem != 0 || ::waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return fail(Errc::io,
                        std::string(browser) + " could not print " + pdf_file + "; the page is in " + page_file);
        return {};
    }
    return fail(Errc::not_found, "no Chromium is installed to print the PDF with; the page is in " + page_file +
                                     ", and any browser prints it");
}

}  // namespace

std::optional<double> figure_of(const Value& value) {
    double number = 0;
    return value.get(number) == simdjson::SUCCESS ? std::optional(number) : std::nullopt;
}

std::optional<Timestamp> instant_of(const Value& value) {
    std::int64_t ms = 0;
    return value.get(ms) == simdjson::SUCCESS ? std::optional(from_ms(ms)) : std::nullopt;
}

int digits_of(double price) { return std::clamp(5 - static_cast<int>(std::ceil(std::log10(price))), 0, 8); }

std::string fate_of(element signal) {
    if (text_of(signal["state"]) == "suppressed") return "held back: " + text_of(signal["suppressed_by"]);
    element outcome;
    const bool has_outcome = signal["outcome"].get(outcome) == simdjson::SUCCESS && outcome.is_object();
    if (text_of(signal["state"]) == "open" || !has_outcome) return text_of(signal["state"]);
    const std::string barrier = text_of(outcome["first_barrier"]);
    return barrier == "-" ? "abandoned" : barrier;
}

std::vector<report::PriceBar> bars_between(element candles, Timestamp from, Timestamp until) {
    std::vector<report::PriceBar> bars;
    for (const element candle : candles["candles"].get_array()) {
        const Timestamp at = from_ms(std::int64_t(candle.at(0)));
        if (at < from || at > until) continue;
        bars.push_back({.at = at,
                        .open = double(candle.at(1)),
                        .high = double(candle.at(2)),
                        .low = double(candle.at(3)),
                        .close = double(candle.at(4))});
    }
    return bars;
}

void add_waterfall(report::HtmlPage& page, element record) {
    std::vector<report::Amount> amounts;
    for (const element contribution : record["contributions"].get_array()) {
        if (const auto value = figure_of(contribution["contribution"]); value && *value != 0)
            amounts.push_back({spaced(text_of(contribution["name"])), *value});
    }
    page.amounts("What each side added to 50, to make " + report::number_text(figure_of(record["sum"]), 2), "points",
                 amounts);
}

Result<void> put_page(const std::string& file, const std::string& text) {
    const bool is_pdf = file.ends_with(".pdf");
    const std::string page_file = is_pdf ? file.substr(0, file.size() - 4) + ".html" : file;
    if (Result<void> written = write_page(page_file, text); !written || !is_pdf) return written;
    return print_pdf(page_file, file);
}

}  // namespace vt::app
