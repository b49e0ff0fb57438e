#include "demo/binance_wire.hpp"

#include <algorithm>
#include <cmath>

namespace vt::demo::binance {
namespace {

constexpr int kSpotDigits = 8;

/// Steps with at least so many digits behind the point.
void append_padded(std::string& out, std::int64_t count, Decimal step, int digits) {
    append_steps(out, count, step);
    const int has = std::max<int>(0, step.scale);
    if (digits <= has) return;
    if (has == 0) out.push_back('.');
    out.append(static_cast<std::size_t>(digits - has), '0');
}

}  // namespace

void Figures::append_price(std::string& out, std::int64_t ticks) const {
    append_padded(out, ticks, tick, is_spot ? kSpotDigits : 0);
}
void Figures::append_quantity(std::string& out, std::int64_t lots) const {
    append_padded(out, lots, lot, is_spot ? kSpotDigits : 0);
}
void Figures::append_base(std::string& out, double quantity) const {
    append_quantity(out, std::llround(quantity / lot.to_double()));
}
void Figures::append_quote(std::string& out, double amount) const { append_fixed(out, amount, is_spot ? 8 : 5); }
void Figures::append_price_of(std::string& out, double price) const {
    append_price(out, std::llround(price / tick.to_double()));
}

Figures figures_of(const SymbolView& view) {
    return {.tick = view.instrument.tick_size,
            .lot = view.instrument.lot_size,
            .is_spot = view.instrument.category == market::Category::spot};
}

namespace {

void append_key(std::string& out, std::string_view key) {
    if (!out.empty() && out.back() != '{') out.push_back(',');
    out.append("\"").append(key).append("\":");
}

}  // namespace

void append_text(std::string& out, std::string_view key, std::string_view value) {
    append_key(out, key);
    out.append("\"").append(value).append("\"");
}
void append_count(std::string& out, std::string_view key, std::int64_t value) {
    append_key(out, key);
    append_number(out, value);
}
void append_count(std::string& out, std::string_view key, std::uint64_t value) {
    append_key(out, key);
    append_number(out, value);
}
void append_price(std::string& out, std::string_view key, std::int64_t ticks, const Figures& figures) {
    append_key(out, key);
    out.push_back('"');
    figures.append_price(out, ticks);
    out.push_back('"');
}
void append_quantity(std::string& out, std::string_view key, std::int64_t lots, const Figures& figures) {
    append_key(out, key);
    out.push_back('"');
    figures.append_quantity(out, lots);
    out.push_back('"');
}

void append_levels(std::string& out, std::span<const market::Level> levels, const Figures& figures) {
    out.push_back('[');
    for (const market::Level& level : levels) {
        out.append(&level == levels.data() ? "[\"" : ",[\"");
        figures.append_price(out, level.price.value());
        out.append("\",\"");
        figures.append_quantity(out, level.quantity.value());
        out.append("\"]");
    }
    out.push_back(']');
}

}  // namespace vt::demo::binance
