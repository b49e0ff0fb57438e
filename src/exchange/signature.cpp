#include "exchange/signature.hpp"

#include "base/assert.hpp"
#include "base/hmac.hpp"
#include "base/json_writer.hpp"
#include "base/percent_encoding.hpp"

#include <openssl/bio.h>  // layer-ok: a pure function of its input
#include <openssl/evp.h>  // layer-ok: as above
#include <openssl/pem.h>  // layer-ok: as above

#include <algorithm>
#include <array>
#include <map>
#include <memory>

namespace vt::exchange {
namespace {

constexpr std::string_view kPemMark = "-----BEGIN";

bool is_pem(const Secret& secret) { return secret.reveal().find(kPemMark) != std::string_view::npos; }

std::string query_of(std::string_view target) {
    const std::size_t mark = target.find('?');
    return mark == std::string_view::npos ? std::string{} : std::string(target.substr(mark + 1));
}

/// Binance: HMAC as hex, Ed25519 as base64.
Result<std::string> binance_signature(const Secret& secret, std::string_view text) {
    if (is_pem(secret)) return ed25519_base64(secret, text);
    return hmac_sha256_hex(secret, text);
}

SignedRequest sign_bybit(const RequestToSign& request, const Credentials& credentials, Timestamp server_now,
                         std::chrono::milliseconds window) {
    const std::string time = std::to_string(to_ms(server_now));
    const std::string receive_window = std::to_string(window.count());
    std::string text = time + credentials.key + receive_window;
    text += request.body.empty() ? query_of(request.target) : std::string(request.body);
    SignedRequest out{.target = std::string(request.target), .headers = {}};
    out.headers = {{"X-BAPI-API-KEY", credentials.key},
                   {"X-BAPI-TIMESTAMP", time},
                   {"X-BAPI-RECV-WINDOW", receive_window},
                   {"X-BAPI-SIGN", hmac_sha256_hex(credentials.secret, text)}};
    if (!request.body.empty()) out.headers.push_back({"Content-Type", "application/json"});
    return out;
}

// The body of a POST stands behind the query in the signed text; the signature goes into the query, where it is
// always read.
Result<SignedRequest> sign_binance(const RequestToSign& request, const Credentials& credentials, Timestamp server_now,
                                   std::chrono::milliseconds window) {
    std::string target(request.target);
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += "recvWindow=" + std::to_string(window.count()) + "&timestamp=" + std::to_string(to_ms(server_now));
    const std::string text = query_of(target) + std::string(request.body);
    VT_TRY(const std::string signature, binance_signature(credentials.secret, text));
    target += "&signature=" + percent_encoded(signature);
    SignedRequest out{.target = std::move(target), .headers = {{"X-MBX-APIKEY", credentials.key}}};
    if (!request.body.empty()) out.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    return out;
}

}  // namespace

std::string masked(std::string_view key) {
    if (key.size() < 12) return "...";
    return std::string(key.substr(0, 4)) + "..." + std::string(key.substr(key.size() - 4));
}

Result<std::string> ed25519_base64(const Secret& pem, std::string_view text) {
    const auto unusable = [] {
        return fail(Errc::configuration, "the secret is no Ed25519 private key in PEM form (PKCS #8)");
    };
    const std::string_view key_text = pem.reveal();
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(
        BIO_new_mem_buf(key_text.data(), static_cast<int>(key_text.size())), &BIO_free);
    VT_ASSERT(memory != nullptr);
    // An empty passphrase, so that nothing ever asks for one at the terminal.
    char no_passphrase[] = "";
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, no_passphrase), &EVP_PKEY_free);
    if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) return unusable();
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<unsigned char, 64> raw{};
    std::size_t size = raw.size();
    const bool is_signed = context != nullptr &&
                           EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                           EVP_DigestSign(context.get(), raw.data(), &size,
                                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    if (!is_signed || size != raw.size()) return unusable();
    std::array<unsigned char, 89> encoded{};
    const int length = EVP_EncodeBlock(encoded.data(), raw.data(), static_cast<int>(size));
    return std::string(encoded.begin(), encoded.begin() + length);
}

Result<SignedRequest> sign(Site site, const RequestToSign& request, const Credentials& credentials,
                           Timestamp server_now, std::chrono::milliseconds receive_window) {
    if (credentials.key.empty() || credentials.secret.empty())
        return fail(Errc::configuration, "no API key is set for " + std::string(name(site)));
    if (site == Site::bybit) return sign_bybit(request, credentials, server_now, receive_window);
    return sign_binance(request, credentials, server_now, receive_window);
}

// {"req_id":"1","op":"auth","args":["AbCdEf0123456789",1700000010123,"b918..."]}
std::string bybit_stream_login(const Credentials& credentials, Timestamp expires, std::string_view request_id) {
    const std::string text = "GET/realtime" + std::to_string(to_ms(expires));
    JsonWriter out;
    out.begin_object().field("req_id", request_id).field("op", "auth").key("args").begin_array();
    out.value(credentials.key).value(to_ms(expires)).value(hmac_sha256_hex(credentials.secret, text));
    out.end_array().end_object();
    return out.take();
}

// {"id":"1","method":"userDataStream.subscribe.signature","params":{"apiKey":"..","recvWindow":5000,
//  "timestamp":1747385641636,"signature":".."}}
Result<std::string> binance_stream_request(const StreamRequest& request, const Credentials& credentials,
                                           Timestamp server_now, std::chrono::milliseconds receive_window) {
    std::map<std::string_view, std::string> sorted(request.parameters.begin(), request.parameters.end());
    sorted["apiKey"] = credentials.key;
    sorted["recvWindow"] = std::to_string(receive_window.count());
    sorted["timestamp"] = std::to_string(to_ms(server_now));
    std::string text;
    for (const auto& [parameter, value] : sorted)
        text.append(text.empty() ? "" : "&").append(parameter).append("=").append(value);
    VT_TRY(const std::string signature, binance_signature(credentials.secret, text));
    JsonWriter out;
    out.begin_object().field("id", request.id).field("method", request.method).key("params").begin_object();
    for (const auto& [parameter, value] : sorted) {
        out.key(parameter);
        if (parameter == "recvWindow" || parameter == "timestamp")
            out.raw(value);
        else
            out.value(value);
    }
    out.field("signature", signature).end_object().end_object();
    return out.take();
}

}  // namespace vt::exchange
