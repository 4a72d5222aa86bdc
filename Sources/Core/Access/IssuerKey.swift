import Bytes
import Crypto
import JSON

/// The issuer's key pairs. They are published test keys, the same in every copy of Understudy, and protect nothing:
/// a token made by one server is believed by every other, which is what a test wants. Never trust them elsewhere.
package final class IssuerKey: Sendable {
    /// The key's name in the key set, in the shape of Cognito's: 32 octets in base64.
    package let id: String
    package let jwk: JSON.Value
    private let key: PrivateKey

    // Read on first use: a server that never signs does not spend its start on keys.
    /// Signs access tokens.
    package static let access = IssuerKey(accessBytes)
    /// Signs ID tokens: Cognito never uses one key for both.
    package static let id = IssuerKey(idBytes)
    /// Takes the place of `access` when the issuer changes its keys.
    package static let spare = IssuerKey(spareBytes)

    private init(_ base64: String) {
        let letters = base64.utf8.filter { $0 != UInt8(ascii: "\n") }
        guard let der = Base64.standard.decode(letters), let key = PrivateKey(der) else {
            preconditionFailure("this OpenSSL cannot read an RSA key")
        }
        let (modulus, exponent) = key.publicComponents
        let id = Base64.standard.encode(SHA256.hash(modulus))
        self.key = key
        self.id = id
        jwk = [
            "alg": "RS256", "e": .string(Base64.url.encode(exponent)), "kid": .string(id), "kty": "RSA",
            "n": .string(Base64.url.encode(modulus)), "use": "sig",
        ]
    }

    /// A compact JWS over these claims, its header in Cognito's order.
    func sign(_ claims: JSON.Value) -> String {
        let header: JSON.Value = ["kid": .string(id), "alg": "RS256"]
        let input = "\(Base64.url.encode(header.compact)).\(Base64.url.encode(claims.compact))"
        guard let signature = key.signRS256(Array(input.utf8)) else {
            preconditionFailure("out of memory for a signature")
        }
        return "\(input).\(Base64.url.encode(signature))"
    }

    private static let accessBytes = """
        MIIEogIBAAKCAQEAwAsccRdmH2XXPv9TOKuV0I50B1zs8rwqtsdchAYu4n14ZyzM4Uz0EgCGPwN/WED4NWjIG7eSKysBJA4EFqJaLgUA/HRA
        xQ9wogw97Lf+l/9+4NJS1RWWEUIMAsRiwyqobA5NLcrC8P5KaJJAelXN6M4GbvbvLEDpasaUi1clfuhbulNruWjPGTF/vOjFnXI7YcKlilP6
        N+hrNzI8MFpg0WtMUe/RzGMjVGlY2AUY1g0BkqwZ0ZYW+GmGL4ob/9qfb6Ry++8LMvBWu2Qti2cvjn6HExvN1OB816GBe20V99ARolCBsz+v
        FZCyI2gDq0JtUk6S3ZhBYjxmIAnqXaYx6QIDAQABAoIBAAXa0N0px3VBl5RWGGVr5b9b+HGZBahI0EyOO2XTAm7pQFh05zIfNHmwBme5ZZJ9
        OJP4Q9GEgTJLt1cwDjPac0Ff6a3IpYjcdaSbFvA2k85yfZ3BC8FvTQntp4wWDKTCkivpK7Uvr03FkuMpQkn4f7SPQ2bypEwHFpaowzKUT5JU
        2ZQjZJMSJCQZNe5+8Qt8KVaTsb9s26/RMjHmjmyZW2LzNq46sxheOnGQ3qLTwDAoEwPaLUwNAjsXOUcex7TlDllBzwjDGuoCBExZPCBUTYis
        OuS412fONdCj4x+2paK1bkELhcBiyjWahh+HAYU/xSvhRBGzgyHXigLPeMZXNGECgYEA8oCXBJA+eHH2UVJUyD31Ao6E9JuGe5wifpuih7Jv
        T+n5lau4XrvJvAKK4RFsCXiavX6tR3DEEgP94s7osiB80BocKrecQerkqoDx1l8HraEfPfpsFzaLyS22Nkdu6SrzA90DAslrzQ+nHjKFkq1y
        pvqrySkQT8mNC0I+WYffJAUCgYEAyruIjEIv0iNXnzTonPdLZxzpFcEciQdJo28h/FoSBNIZGJxNUVvE3PfBOpHCcYXmtmC4ND0pXdzqLnsE
        epIiti5OEyYROeQ+HbP40HA52vq6T+SzSNugFvtyXvxqJG0krqOBaemAhfoH2eRwh4JjEXhhcvd3sVvdwZSSeUiVP5UCgYALV1o4u2pAhcvo
        R7pxVvxzbyjmq7Nhao7ububuA7lS+nVSu6I2w/+OTGwkVIVB+CL8g8Uk1zBES21/Qv/8/Kn5rY7trIKhTpP9KWSmCvG3/BYS9vhBKarl8L5Z
        0YNtYjXVU2vFoJfrEjVVozU+A+Cd0JFiKgp6QMnY4fM6irEz5QKBgE6kxwiZ2FEtMp1o+d+CMvbyCR1OR1KEyDUlNErfaeQC2IdqgrfP4KNT
        XNrqlkJRjjkrdemV3Ek0HIghYpBlxh9kARd+ieoqN0pweVHqZxcicknxzvaxc/3WVvyv8EDnMfapKNe8JAZVAtysuFZo5yNszmi5xO3BVFn2
        14dC99qtAoGAGn6/X0svpPsjvsiSB/k/wEytx7kTjqrYsgGI8HZM81kmp4pHniFwD+ENnhQ+OZVhdfAyLEUtjygAreXwL4/BT5VYErkoC25c
        uTnLiqj9lwahxlkPoXOIChAguBKdGSgIP9gSFC1jpmmDEIrSgN3J6nadqmL05FwEQnI1mXDuny4=
        """
    private static let idBytes = """
        MIIEogIBAAKCAQEArJgCp2pQvkjvTui6igiEpXQ7CuTuMp7DFPy68ZISKoDarV4wYD0hyjtg4wz1ZJ1d+8axElhpVJhjfeb6eYxRhtnAHjBK
        jVT6ZB5HZ4cAgMc/jRgz6dTeYDxWCtI3miSoIKZxJbijsPxDzKPj5IWYkMtl3mOZCVrkuzZuFBNprcxCDmnSkE4UMyyQ1vL2/6gOG83qK37v
        ZE48sOVamMZ9NnUK4yQnpIv3YwE644eoCZwAFe2E44BfewVmUWPsb2bWv2mNgIcXI7B+VUCtoAttHsJSQ90sVUWOy/b9JVEpxkkCMLHsV1Zm
        Py5dDM9DmAMtWB/bu417HQ3VKuO4fGj2yQIDAQABAoIBAAMZUAOvtRc6WdDTY4IJKOryY5r/xROAmT6xUpP1/1oaNsYh6LSmdFePg5JTQ1au
        oqdCIbmTTJtAImbHNM9/SJMNkG8Aul3zECan11IrCndfD6uM9/9AGxjXcuRxcmq6MyoyHHPE1Tkr/MJzkN4KB6Hvg2E5hyzNU0nVoabxOeNs
        119VSLoITs9MXTPINB8cIeVVllXYeG0MppgjQOqwk66tlE6JsoIkReODPV4F1f++xy8epTfBpFrgnyWK0qcPjW3POHRajYsvNJl3LhkfCvXN
        ylRJ54zvh4KQV7lNkjhKa9jXyVinGo9iBBY5x5UXEyyFJl7q/d4KWvqOxdwUuDcCgYEA40Q7e6NFwUsw+0FLJvDCg7unUmutsx86jrtPqOvS
        aC4fv9qh6rYkB0fvXTjmQkt6e8Mkayb0/mlC3jj7DGYmnoA6Td2zahbjouguJr3dsH0RI2VY2clM//mpPH7ZZoR+E9buFqCZAxN3KcnnLsJn
        a20jRKvpLCllEVN1sL1QvlsCgYEAwmo50EajEDkz41n02V3hTAJSZMpH1Q5jUV6LvWR8hMIXmNmPFeoq7ZthChmViSpIpi0C2pnUvLNNLQMH
        x8KhbTr5lcA9MSSRjfA4dH/mJIbmWNGhUHiiarrtNALYBudpCy9P7ChAHWy6H0I9TAN6lnkGXEMlWFJQR7jaCzc2cKsCgYBeUAmTVH11KrwH
        +N+0KEPAoVZdqNvrsrD9XJRBWKP3ofSBDL0XB0FKWDroZ91+c44/4Aq0APW4wnwCdokQay/ppPMNL0zuYNNU3p+QakienjhHhR5rOtOegsAN
        n+KeXatollA1ya3WDfTsvaIX0ItUlHUHYYQhVIhhuU3k65ufcwKBgALyGxglydi4FSovtb8JZh2Bt3/hdL8sraKQ/SsMd7qHOlZNjZZ2atoY
        zZqakqJ2ao1iBzYKuKd3TAcPkbGcKFgAWcHEHOk+tZnh9ukE+xa4mIrl+jy+5y8Yz/lGxcEtBnFt8RcR8Q7BE/zfQxCAyP24rbj+J3W0IZVE
        nsEmwANrAoGADrYsCbvc9eepj8jr4gvAZU17mmHPtA3En8PZLsX3bwhVnvazvteWn/Ft7dF97RvnAtrbcvQWcZtM66YWnpLqJG5wPAoLJ2EW
        o69HyR4HvyTivYaImx5shou0fnBvVoDqY5zO+0XaiX2nSZ3L57M+s2/hJk+J7cstnZQ6l3ylc6E=
        """
    private static let spareBytes = """
        MIIEpAIBAAKCAQEAj6fBRrOw9fCqzqZAgTxJtfvLN4cQY1S02oa1qX881oaaqJnhdGBgzQ03DP+x/57/nExZRaa64uZecOm2OG1kZRVajWSm
        s7V+sKw/vMyvQ1uASgSYxl4bn6m1xQEA4tPEMZ6egZy14GBZR4uz3eBAAYanivRHsV/aIiFdEYt3zKKh/Df8xHiEr+MfJuAZp/zT4Xr6OwXB
        umHAUuDQ2MX+NDplruq1S0Dj5/vTHcEoWmVRndIAUN1ue0eInQhXt5pnt5mGrVCcK3UFUaXCWwa6Nvwc3EGDjQJZXiJMt8ZgCMKyhzmORnlF
        wKhHtoywamEw2UTxZ7hG73nPjqEJfqfbCQIDAQABAoIBAAu+9xkXd/qSEjtJoXhXtDy4sPvyM5s1mcCM93VbmZ8+XA65X1N/Tmbxw8ywqw6Y
        QvT2Eq4U5Q7IsJPpriw0uJrhyTjKsC09Q7XBLch7kYCPzqBuugmtN/PBAgNw0rBZSZ9XhYUaSc5F/oLQt9UmYQFm79PXJ7YHfPvhr70Pouzk
        x36JhmJuSHPXhz7HLFJGqC2gTW1V1nplrAtEZfEbrFCnj4PQCetYqv1gwCzOrRlGwyIr8E6maIT6wEofdzSyI+ydfdrabdlbYrUPxIK7r9q/
        hfF0gxB6hEG0y2sEU+fpQx0Ln5ut8oqK8fb23Saw3VYlKuUpqF6JJtzBW6vGElECgYEAwXwZn4yFoybE8UFHzRXFsVXE3dU7NJEzDTWGNSuI
        pju5WGKLjJ3cvuoc9pdkHLXI+qGLgMWMBVDE+hYxrgh12kjU3wycxYs8BCC/Aq22TPxrXSgSwYH7Z25v1pkC9JQIrZfPAaluddl/8ABNkdXm
        /EdfZsYRMnVAM6A8sp/8tVkCgYEAvhIPQnALcS81jFw1Vm7N6P69IxXV7i75R6Iefj97CObmSakAeo9+JyzVEkFZkYfGLPvamldDtzKI8g6I
        ZOsiuzkoj/y/lLuMwSEdCjENTQCxmIxuakigixrykssSCN64z9OI+T9r6b4uOXCW0GVoZwe3vJ9ec2yE3n1zcfscrTECgYEAkNxEJuNDrro5
        G1O/2Tli0PmhMmESObI4YbxgJfDZF3SBuT3Ws0oB2uJXGvyP1Lr5pURLuPauddBaGc+CFIV7DxoWXoUH3xL2tTR7Lhs28P7Pt2hoWn7h5jeV
        /jqDLvCiaq3NK7ZZ4FweYGcprHVUwi8Bq2XBvGBy1/QxXZ9QyckCgYB3C2qhSvnvpwjb43jIrNeswbgGfIukBam90u1UV0AhIDVGF2KkYLE7
        qhm9uE54FtjpnciZ+GQCHtWk/bMxug/jwXYFUOFRL3KGF85Pbs+M1g1lpTcWvGxJE9SwWh3ujkikajIVIkLdgG8FLN5YodsVBMFwk0Sd+G7z
        xxECZ6vbUQKBgQDAnE5URcQT0AazNBTgYpfzNMErWOY67gLgEwDh7UKyZG3DUNVwnt/e6a+X0r6pExNxOol+5H8i8WzjQrv0cW2GM4Rs8hFh
        pJnV4UKj0nlB6l2HocKH2gCGEw0rF5APoP9+/4rfm15vNFE8I6tSOAbmqsS6uz+V9uglL3xCMcUfvw==
        """
}
