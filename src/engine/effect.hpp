#pragma once

#include "alerts/occurrence.hpp"
#include "analysis/features/minute_features.hpp"
#include "base/json_writer.hpp"
#include "confluence/score_record.hpp"
#include "engine/paper_trading.hpp"
#include "exchange/protocol.hpp"
#include "market/instrument_directory.hpp"
#include "signals/symbol_signals.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

namespace vt::engine {

/// A score record was written: at each minute, each move of a point, each event.
struct Scored {
    market::InstrumentId instrument;
    std::shared_ptr<const confluence::ScoreRecord> record;
};

/// A minute of an instrument is closed.
struct MinuteClosed {
    market::InstrumentId instrument;
    std::shared_ptr<const analysis::MinuteFeatures> features;
};

/// A signal was raised or held back, or something became of one: an entry of the ledger.
struct Signalled {
    market::InstrumentId instrument;
    std::shared_ptr<const signals::SignalChange> change;
};

/// Trading said something: trades, orders, warnings, judgements, a change of its mode.
struct Traded {
    std::shared_ptr<const TradingStep> step;
};

/// What became of a TradingCommand. It comes behind what was said because of it.
struct TradingAnswered {
    std::uint64_t number = 0;
    std::optional<Error> refusal;    ///< absent: it was done
    std::optional<risk::Mode> mode;  ///< as it is now; absent: trading has not begun
};

/// Something was seen that may be worth telling people of.
struct Noticed {
    std::shared_ptr<const alerts::Occurrence> occurrence;
};

/// Inputs were lost before the engine: full queue, or a hole in a recording.
struct InputsLost {
    std::uint64_t count = 0;
};

/// Everything the core has to say, in the order in which it said it.
using Effect = std::variant<exchange::Connect, exchange::Disconnect, exchange::SendText, exchange::HttpGet,
                            exchange::Listed, exchange::StreamChanged, exchange::Rejected, InputsLost, Scored,
                            MinuteClosed, Signalled, Traded, TradingAnswered, Noticed>;

/// Appends one effect as a JSON object: the canonical form, by which two runs are compared byte for byte.
void write_effect(JsonWriter& out, const Effect& effect, const market::InstrumentDirectory& instruments);

}  // namespace vt::engine
