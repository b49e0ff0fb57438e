#pragma once

// For tests only: a recorded or made-up stream of one instrument, and the caller's side of SymbolAnalysis.

#include "analysis/symbol_analysis.hpp"
#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vt::analysis::test {

/// A depth update that owns its levels.
struct OwnedUpdate {
    bool is_snapshot = false;
    std::uint32_t depth = 0;
    std::vector<market::Level> bids, asks;
    [[nodiscard]] market::BookUpdate view() const {
        return {.is_snapshot = is_snapshot, .depth = depth, .update_id = 0, .bids = bids, .asks = asks};
    }
};
struct BookLost {};
using Body =
    std::variant<market::Trade, market::BestQuote, OwnedUpdate, BookLost, market::Ticker, market::Liquidation>;
struct Record {
    Timestamp time;
    Body body;
    std::uint64_t sequence = 0;
};

/// Hands records to a SymbolAnalysis as the engine does: grid seconds first, one second behind the watermark.
class Player {
public:
    using OnEvaluation = std::function<void(const Evaluation&)>;
    using InputsAt = std::function<EvaluationInputs(Timestamp)>;

    Player(const market::Instrument& instrument, const AnalysisParams& params)
        : instrument_(instrument), analysis(instrument, params), params_(params) {}

    void play(const Record& record) {
        reach(record.time);
        std::visit([&](const auto& body) { apply(body, record); }, record.body);
    }
    /// Time passes.
    void reach(Timestamp watermark) {
        if (!next_) next_ = floor_to(watermark, std::chrono::seconds{1}) + std::chrono::seconds{1};
        for (; *next_ + std::chrono::seconds{1} <= watermark; *next_ += std::chrono::seconds{1}) {
            const Evaluation evaluation = analysis.evaluate(*next_, book_, inputs_at(*next_));
            if (evaluation.closed_minute != nullptr) minutes.push_back(*evaluation.closed_minute);
            if (on_evaluation) on_evaluation(evaluation);
        }
    }
    /// Applies the record to the book only: what a restarted program gets from a snapshot.
    void see_book(const Record& record) {
        if (const auto* update = std::get_if<OwnedUpdate>(&record.body)) (void)book_.apply(update->view());
        if (std::holds_alternative<BookLost>(record.body)) book_.invalidate();
    }
    /// Goes on where `other` is, `shift` later, from its saved state. The book must have been brought there.
    void adopt(const Player& other, Nanos shift = Nanos{0}) {
        std::string bytes;
        other.analysis.save(bytes);
        const auto loaded = analysis.load(bytes, shift);
        ASSERT_TRUE(loaded.has_value()) << loaded.error().what;
        next_ = *other.next_ + shift;
    }
    [[nodiscard]] std::string saved() const {
        std::string bytes;
        analysis.save(bytes);
        return bytes;
    }
    /// The book as it is now, for calls past the player.
    [[nodiscard]] const market::OrderBook& book() const { return book_; }
    [[nodiscard]] Timestamp next() const { return *next_; }
    void skip_to(Timestamp u) {
        analysis.skip_to(u);
        next_ = u;
    }

    InputsAt inputs_at = [](Timestamp) {
        return EvaluationInputs{.trades_connection_age = std::chrono::milliseconds{100},
                                .liquidations_connection_age = std::chrono::milliseconds{100},
                                .clock_offset = std::chrono::milliseconds{1}};
    };
    OnEvaluation on_evaluation;
    std::vector<MinuteFeatures> minutes;
    bool has_played_late = false;  // for the test of late records

private:
    market::Instrument instrument_;

public:
    SymbolAnalysis analysis;

private:
    void apply(const market::Trade& trade, const Record& record) {
        analysis.on_print(print_of(trade, instrument_, record.time, record.sequence));
    }
    void apply(const market::BestQuote& best, const Record& record) {
        if (params_.quote_source != QuoteSource::quotes) return;
        analysis.on_quote(quote_of(best, instrument_, record.time, record.sequence));
    }
    void apply(const OwnedUpdate& update, const Record& record) {
        analysis.before_book(record.time, book_);
        const auto result = book_.apply(update.view());
        if (result == market::ApplyResult::applied) {
            analysis.on_book(
                {.time = record.time, .book = book_, .instrument = instrument_, .source_sequence = record.sequence});
        } else if (result != market::ApplyResult::ignored) {
            analysis.on_book_invalid(record.time);
        }
    }
    void apply(const BookLost&, const Record& record) {
        analysis.before_book(record.time, book_);
        book_.invalidate();
        analysis.on_book_invalid(record.time);
    }
    void apply(const market::Ticker& ticker, const Record& record) {
        analysis.on_ticker(ticker, record.time, record.sequence);
    }
    void apply(const market::Liquidation& liquidation, const Record& record) {
        analysis.on_liquidation(liquidation, record.time, record.sequence);
    }

    AnalysisParams params_;
    market::OrderBook book_{8192};
    std::optional<Timestamp> next_;
};

inline std::string row_text(const MinuteFeatures& minute, const market::Instrument& instrument) {
    JsonWriter out;
    write_row(out, minute, instrument);
    return out.take();
}

inline std::string rows_text(const std::vector<MinuteFeatures>& minutes, const market::Instrument& instrument) {
    std::string text;
    for (const MinuteFeatures& minute : minutes) text += row_text(minute, instrument) + "\n";
    return text;
}

}  // namespace vt::analysis::test
