#include "desk/saved_trading.hpp"

#include "base/member_codec.hpp"

#include <concepts>
#include <type_traits>

namespace vt::execution {
template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Numbering>
void members(T& numbering, Archive& archive) {
    archive(numbering.boot, numbering.last_trade);
}
}  // namespace vt::execution

namespace vt::desk {

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedRecord>
void members(T& record, Archive& archive) {
    archive(record.trade, record.instrument, record.bytes);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedTrading>
void members(T& saved, Archive& archive) {
    archive(saved.numbering, saved.limits, saved.venue, saved.trades, saved.orders);
}

std::string encode_saved_trading(const SavedTrading& saved) {
    std::string out;
    MemberEncoder encoder(out);
    encoder(saved);
    return out;
}

Result<SavedTrading> decode_saved_trading(std::string_view bytes) {
    SavedTrading saved;
    MemberDecoder decoder(bytes);
    decoder(saved);
    if (!decoder.is_whole())
        return fail(Errc::malformed, "what trading goes on from is damaged: restore a copy of the database");
    return saved;
}

}  // namespace vt::desk
