#include "runtime/kept_signal.hpp"

#include "base/json_writer.hpp"
#include "signals/follow.hpp"
#include "signals/signal_codec.hpp"

namespace vt::runtime {

records::LedgerEntry ledger_entry_of(const signals::SignalChange& change, const market::Instrument& instrument,
                                     const std::string& market, const std::string& run) {
    const signals::Signal& signal = change.signal;
    JsonWriter body;
    signals::write_signal(body, signal, instrument);
    records::LedgerEntry entry{.market = market,
                               .signal = signal.id,
                               .entry = std::string(signals::name(change.change)),
                               .at = from_ms(to_ms(change.at)),
                               .run = run,
                               .instrument = instrument.path_id(),
                               .direction = std::string(signals::direction_name(signal.side)),
                               .strategy = signal.strategy,
                               .state = std::string(signals::name(signal.state())),
                               .score = signal.score,
                               .body = body.take()};
    if (!signals::is_followed_to_the_end(signal)) signals::encode_signal(signal, entry.follow);
    return entry;
}

}  // namespace vt::runtime
