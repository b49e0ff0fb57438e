#pragma once

// Made-up rows for tests.

#include "records/score_row.hpp"

#include <cstdint>
#include <string>

namespace vt::records {

inline constexpr Timestamp kStart = from_ms(1'700'000'000'000);  // 22:13:20 UTC: not the start of an hour

/// The `number`th score of a run, one a second; some of its values are not known.
inline ScoreRow made_score(std::uint64_t number, const std::string& instrument = "bybit-linear-BTCUSDT",
                           const std::string& run = "00000000000000aa") {
    const double x = static_cast<double>(number % 97) / 7;
    ScoreRow score{.key = {.market = "demo",
                           .instrument = instrument,
                           .at = kStart + std::chrono::seconds{number},
                           .run = run,
                           .number = number},
                   .sum = 50 + x,
                   .coverage = 0.1 + x / 100,
                   .causes = "minute,move"};
    if (number % 3 != 0) {
        score.score = score.sum;
        score.confidence = x / 14;
        score.direction = "long";
        score.first_sequence = static_cast<std::int64_t>(number * 10);
        score.last_sequence = static_cast<std::int64_t>(number * 10 + 9);
    }
    for (std::size_t d = number % 2; d < score.dimensions.size(); ++d)
        score.dimensions[d] = x * static_cast<double>(d);
    return score;
}

inline Explanation made_explanation(const ScoreRow& score, std::size_t bytes = 300) {
    Explanation explanation{.key = score.key, .plain_bytes = bytes * 6, .body = std::string(bytes, '\0')};
    for (std::size_t i = 0; i < bytes; ++i)
        explanation.body[i] = static_cast<char>((i * 31 + score.key.number * 7) & 0xFFU);
    return explanation;
}

/// `count` scores from `first` on, each with its explanation.
inline Batch made_batch(std::uint64_t first, std::uint64_t count,
                        const std::string& instrument = "bybit-linear-BTCUSDT") {
    Batch batch;
    for (std::uint64_t number = first; number < first + count; ++number) {
        batch.scores.push_back(made_score(number, instrument));
        batch.explanations.push_back(made_explanation(batch.scores.back()));
    }
    return batch;
}

}  // namespace vt::records
