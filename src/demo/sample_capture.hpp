#pragma once

// For tests: a short capture in the form of the recorded ones, made by the generator.

#include "demo/recording.hpp"
#include "demo/roster.hpp"
#include "demo/wire.hpp"
#include "sim/market.hpp"

#include <array>
#include <memory>
#include <string>

namespace vt::demo {

/// Lines `<receive ns> <json>` of one symbol: some updates, the snapshot, updates and trades.
struct SampleCapture {
    std::string bitcoin;
    std::string ether;
};

inline SampleCapture sample_capture(int seconds = 20) {
    const auto played = recorded_symbols();
    sim::Params params;
    params.market.start = from_ms(1'700'000'040'000);
    params.market.depths = {1000};
    params.factor_symbol = played[0];
    params.factor_symbol.idio_bps = 5;
    sim::Market market(11, params, {played[1]});
    SampleCapture capture;
    std::array<std::uint64_t, 2> update{100, 100};
    std::array<bool, 2> has_book{};
    std::uint64_t trade_id = 1;
    market.advance(params.market.start + std::chrono::seconds{seconds}, [&](const market::Event& event) {
        const std::size_t which = event.instrument.value();
        std::string& out = which == 0 ? capture.bitcoin : capture.ether;
        const std::string name = which == 0 ? "btcusdt" : "ethusdt";
        const Steps steps{.tick = played[which].tick_size, .lot = played[which].lot_size};
        const std::string at = std::to_string(to_ns(event.receive_time)) + " ";
        if (const auto* book = std::get_if<market::BookUpdate>(&event.body)) {
            if (!has_book[which]) {  // the snapshot, and before it an update that it contains
                has_book[which] = true;
                const std::string first = std::to_string(update[which]);
                out += at + "{\"stream\":\"" + name + "@depth@0ms\",\"data\":{\"e\":\"depthUpdate\",\"U\":" + first +
                       ",\"u\":" + first + ",\"pu\":99,\"b\":[[\"1.0\",\"5.00\"]],\"a\":[]}}\n";
                out += at + "{\"lastUpdateId\":" + first + ",\"bids\":";
                append_levels(out, book->bids, steps);
                out += ",\"asks\":";
                append_levels(out, book->asks, steps);
                out += "}\n";
                return;
            }
            const std::uint64_t previous = update[which];
            update[which] += 3;
            out += at + "{\"stream\":\"" + name +
                   "@depth@0ms\",\"data\":{\"e\":\"depthUpdate\",\"U\":" + std::to_string(previous + 1) +
                   ",\"u\":" + std::to_string(update[which]) + ",\"pu\":" + std::to_string(previous) + ",\"b\":";
            append_levels(out, book->bids, steps);
            out += ",\"a\":";
            append_levels(out, book->asks, steps);
            out += "}}\n";
        } else if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
            out += at + "{\"stream\":\"" + name +
                   "@trade\",\"data\":{\"e\":\"trade\",\"t\":" + std::to_string(trade_id++) + ",\"p\":\"";
            append_steps(out, trade->price.value(), steps.tick);
            out += "\",\"q\":\"";
            append_steps(out, trade->quantity.value(), steps.lot);
            out += std::string("\",\"X\":\"MARKET\",\"m\":") +
                   (trade->aggressor == market::Side::sell ? "true" : "false") + "}}\n";
        }
    });
    return capture;
}

inline std::shared_ptr<const Recording> sample_recording(int seconds = 20) {
    const SampleCapture capture = sample_capture(seconds);
    RecordingBuilder builder(recorded_as());
    if (!add_capture(builder, "btcusdt", capture.bitcoin) || !add_capture(builder, "ethusdt", capture.ether))
        return nullptr;
    auto recording = builder.build();
    return recording ? std::make_shared<const Recording>(std::move(*recording)) : nullptr;
}

}  // namespace vt::demo
