#pragma once

#include "market/instrument.hpp"
#include "records/ledger.hpp"
#include "signals/symbol_signals.hpp"

#include <string>

namespace vt::runtime {

/// What became known of a signal, in the form in which the ledger keeps it.
///   in: `market` and `run`: whose ledger it is for, and who found it
[[nodiscard]] records::LedgerEntry ledger_entry_of(const signals::SignalChange& change,
                                                   const market::Instrument& instrument, const std::string& market,
                                                   const std::string& run);

}  // namespace vt::runtime
