import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { MongooseModule } from '@nestjs/mongoose';
import { ClusterModule } from '../cluster/cluster.module';
import { ParleyConfig } from '../config/parley-config';
import { signingSecret } from '../config/signing-secret';
import { RealtimeModule } from '../realtime/realtime.module';
import { UsersModule } from '../users/users.module';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { JwtStrategy, SIGNING_SECRET } from './jwt.strategy';
import { Passwords } from './passwords';
import { SessionsElsewhere } from './sessions-elsewhere';
import { SessionsController } from './sessions.controller';
import { SessionsRepository } from './sessions.repository';
import { SessionDocument, SessionSchema } from './sessions.schema';
import { SessionsService } from './sessions.service';
import { SignedInGuard } from './signed-in.guard';
import { TOKEN_ALGORITHM, TOKEN_ISSUER, Tokens } from './tokens';

const secretProvider = { provide: SIGNING_SECRET, useFactory: signingSecret, inject: [ParleyConfig] };

const jwtModule = JwtModule.registerAsync({
  extraProviders: [secretProvider],
  inject: [SIGNING_SECRET],
  useFactory: (secret: string) => ({
    secret,
    signOptions: { algorithm: TOKEN_ALGORITHM, issuer: TOKEN_ISSUER },
    verifyOptions: { algorithms: [TOKEN_ALGORITHM], issuer: TOKEN_ISSUER },
  }),
});

/** Who somebody is, and the guard that every route stands behind. */
@Module({
  imports: [
    MongooseModule.forFeature([{ name: SessionDocument.name, schema: SessionSchema }]),
    jwtModule,
    UsersModule,
    RealtimeModule,
    ClusterModule,
  ],
  controllers: [AuthController, SessionsController],
  providers: [
    secretProvider,
    Passwords,
    Tokens,
    SessionsRepository,
    SessionsService,
    SessionsElsewhere,
    AuthService,
    JwtStrategy,
    SignedInGuard,
    { provide: APP_GUARD, useExisting: SignedInGuard },
  ],
  exports: [AuthService, SessionsService],
})
export class AuthModule {}
