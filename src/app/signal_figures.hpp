#pragma once

#include "app/document_text.hpp"
#include "base/time.hpp"
#include "report/html_page.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <vector>

/// What is shown of signals, on a terminal and on pages, alike. in: documents of the running program
namespace vt::app {

[[nodiscard]] std::optional<double> figure_of(const Value& value);
[[nodiscard]] std::optional<Timestamp> instant_of(const Value& value);
/// Digits after the point that tell a price's hundred-thousandths apart.
[[nodiscard]] int digits_of(double price);
/// What a signal is now, in a word or two: "open", "stop", "held back: spread".
[[nodiscard]] std::string fate_of(simdjson::dom::element signal);
/// Of the document Candles, those that begin between the two.
[[nodiscard]] std::vector<report::PriceBar> bars_between(simdjson::dom::element candles, Timestamp from,
                                                         Timestamp until);
/// What each side added to 50, of the document StoredRecord.
void add_waterfall(report::HtmlPage& page, simdjson::dom::element record);

/// Writes the page, or has a Chromium of this machine print it where the file is called .pdf: the page is beside it
/// then.
///   errors: io, not_found (no Chromium)
[[nodiscard]] Result<void> put_page(const std::string& file, const std::string& text);

}  // namespace vt::app
