#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "exchange/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How the venues want a request or a stream login proven. Pure functions of their input: the time is the server's, as
// the caller estimates it, and must not be added up from anything but the measured offset.

namespace vt::exchange {

/// The two halves of an API key. `key` names the account and is no secret to the venue; show no more of it than
/// `masked`.
struct Credentials {
    std::string key;
    Secret secret;  ///< an HMAC secret, or (Binance) an Ed25519 private key as PEM
};

/// "AbCd...6789"; "..." for short ones.
[[nodiscard]] std::string masked(std::string_view key);

/// Base64 of the Ed25519 signature by a private key in PEM.
///   errors: configuration: the secret is no Ed25519 private key
[[nodiscard]] Result<std::string> ed25519_base64(const Secret& pem, std::string_view text);

inline constexpr std::chrono::milliseconds kReceiveWindow{5000};

struct RequestToSign {
    std::string_view target;  ///< path and query, percent-encoded already
    std::string_view body;    ///< of a POST; empty: a GET or DELETE
};

struct Header {
    std::string name;
    std::string value;
};

/// What to send instead: the very bytes that were signed.
struct SignedRequest {
    std::string target;
    std::vector<Header> headers;
};

/// Signs a REST request. Bybit: four headers over time, key, window and the query or body. Binance: time, window and
/// signature are added to the query, and the key is a header.
///   in:     `server_now`: local time plus the measured offset
///   errors: configuration: an unusable secret
///   source: https://bybit-exchange.github.io/docs/v5/guide#authentication and binance-spot-api-docs rest-api.md,
///           "Signed (TRADE and USER_DATA) request security", read 2026-07
[[nodiscard]] Result<SignedRequest> sign(Site site, const RequestToSign& request, const Credentials& credentials,
                                         Timestamp server_now,
                                         std::chrono::milliseconds receive_window = kReceiveWindow);

/// The login frame of Bybit's private and trade streams.
///   in: `expires` has to lie ahead when the server reads it: now + 10 s
[[nodiscard]] std::string bybit_stream_login(const Credentials& credentials, Timestamp expires,
                                             std::string_view request_id);

/// A request to Binance's WebSocket API, signed over its parameters in the order of their names.
///   in:     `parameters`: names and texts without apiKey, timestamp, recvWindow and signature, which are added
///   errors: configuration: an unusable secret
///   source: binance-spot-api-docs web-socket-api.md, "SIGNED request security", read 2026-07
struct StreamRequest {
    std::string_view id;
    std::string_view method;  ///< "session.logon" (Ed25519 only), "userDataStream.subscribe.signature", "order.place"
    std::span<const std::pair<std::string, std::string>> parameters;
};
[[nodiscard]] Result<std::string> binance_stream_request(const StreamRequest& request, const Credentials& credentials,
                                                         Timestamp server_now,
                                                         std::chrono::milliseconds receive_window = kReceiveWindow);

}  // namespace vt::exchange
